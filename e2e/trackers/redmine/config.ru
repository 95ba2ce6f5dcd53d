# Redmine as Debian installs it, with what the tests need in its database.
require "/usr/share/redmine/config/environment"
load File.expand_path("seed.rb", __dir__)
run Rails.application
