#!/bin/bash
# Runs once, when the data directory is made: a database and a role for each service, neither of which can
# reach the other's tables. The services' own migrations make the tables.
set -euo pipefail

create() {
    psql --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" \
        --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

create customers "$CUSTOMERS_DB_PASSWORD"
create payments "$PAYMENTS_DB_PASSWORD"
