#!/bin/sh
# Installs Debian's Redmine with SQLite, with its tables and default data. Does nothing when it is there. Needs root.
set -eu
if dpkg -s redmine redmine-sqlite puma 2>/dev/null | grep -c '^Status: install ok installed' | grep -qx 3; then
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
debconf-set-selections <<'ANSWERS'
redmine redmine/instances/default/dbconfig-install boolean true
redmine redmine/instances/default/database-type select sqlite3
redmine redmine/default-language select en
ANSWERS
apt-get -q -o DPkg::Lock::Timeout=300 update
# The statuses, trackers, priorities, roles and workflow that a new Redmine begins with come along.
apt-get -yq -o DPkg::Lock::Timeout=300 install --no-install-recommends redmine redmine-sqlite puma
