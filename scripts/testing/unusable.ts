/** A program that needs a person: ends at once with the code it is given. */
process.exit(Number(process.argv[2]));
