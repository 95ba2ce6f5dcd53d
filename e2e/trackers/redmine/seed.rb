# What the tests find in a new Redmine: a REST interface, people with known API keys, and two projects.

Setting.rest_api_enabled = "1"
Setting.notified_events = []
Setting.app_title = "Counterpart"
Setting.timespan_format = "decimal"

def person(login, name, key, admin: false)
  user = User.find_by_login(login) || User.new(language: "en")
  user.login = login
  user.firstname, user.lastname = name.split(" ", 2)
  user.mail = "#{login}@example.com"
  user.admin = admin
  user.must_change_passwd = false
  user.password = user.password_confirmation = "#{login}-password"
  user.save!
  Token.where(user: user, action: "api").delete_all
  token = Token.new(user: user, action: "api")
  token.save!
  token.update_column(:value, key)
  user
end

person("admin", "Redmine Admin", "a" * 40, admin: true)
sync = person("exalate", "Exalate Sync", "e" * 40)
ada = person("ada", "Ada Lovelace", "1" * 40)
bob = person("bob", "Bob Babbage", "2" * 40)

developer = Role.find_by_name("Developer")
developer.permissions += %i[
  add_issues edit_issues add_issue_notes edit_own_issue_notes manage_issue_relations manage_subtasks
  set_notes_private view_private_notes log_time edit_own_time_entries view_time_entries add_issue_watchers
]
developer.save!
# No private notes: what such an account may not do has to show.
reporter = Role.find_by_name("Reporter")
reporter.permissions += %i[add_issues edit_issues add_issue_notes]
reporter.save!

# A due date that the workflow of one tracker keeps from our role, in its first status.
WorkflowPermission.find_or_create_by!(role: developer, tracker: Tracker.find_by_name("Support"),
                                      old_status: IssueStatus.find_by_name("New"),
                                      field_name: "due_date", rule: "readonly")

# What an administrator does before statuses are mapped: our role may take every step between those that are.
mapped = ["New", "In Progress", "Closed"].map { |name| IssueStatus.find_by_name(name) }
Tracker.all.to_a.product(mapped.permutation(2).to_a).each do |tracker, (from, to)|
  WorkflowTransition.find_or_create_by!(role: developer, tracker: tracker, old_status: from, new_status: to)
end

def field(name, format, **more)
  IssueCustomField.find_by_name(name) ||
    IssueCustomField.create!(name: name, field_format: format, is_filter: true,
                             trackers: Tracker.all, visible: true, editable: true,
                             **{ is_for_all: true }.merge(more))
end

field("Exalate marker", "string", is_for_all: false)
field("Severity", "list", possible_values: %w[Minor Major Fatal])
field("Browsers", "list", possible_values: %w[Firefox Chrome Safari], multiple: true)
field("Customer", "string")
field("Effort", "float")
field("Promised for", "date")
field("Contact", "user")
# Those that the simulated Jiras have, too.
field("Notes", "text")
field("Go live", "date")
field("Region", "list", possible_values: %w[EU US APAC])
field("Modules", "list", possible_values: %w[Billing Login Search Export], multiple: true)
field("Owner", "user")

{ "sync" => "Sync", "public" => "Public" }.each do |identifier, name|
  project = Project.find_by_identifier(identifier) ||
            Project.new(name: name, identifier: identifier, is_public: identifier == "public")
  project.trackers = Tracker.all
  project.issue_custom_fields << IssueCustomField.find_by_name("Exalate marker") if project.new_record?
  project.enabled_module_names = %w[issue_tracking time_tracking]
  project.save!
  { sync => developer, ada => Role.find_by_name("Manager"), bob => reporter }.each do |user, role|
    next if Member.exists?(project: project, user_id: user.id)

    Member.create!(project: project, principal: user, roles: [role])
  end
  %w[Backend Frontend].each { |each| project.issue_categories.find_or_create_by!(name: each) }
  %w[1.0 2.0].each { |each| project.versions.find_or_create_by!(name: each) }
end
