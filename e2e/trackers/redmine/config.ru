# Redmine as Debian installs it, with what the tests need in its database.
require "/usr/share/redmine/config/environment"
load File.expand_path("seed.rb", __dir__)

# With its one thread a connection that stays open would keep everybody else waiting.
use(Class.new do
  def initialize(app) = @app = app
  def call(env) = @app.call(env.tap { env["HTTP_CONNECTION"] = "close" })
end)
run Rails.application
