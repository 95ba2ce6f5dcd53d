-- What administrators set for the node as a whole.

-- The colour of the environment's label belongs to one identity: a copy does not look like its original.
alter table node
  add column colour text constraint node_colour_known check (colour in ('violet', 'magenta', 'teal', 'olive')),
  add column colour_of uuid;
