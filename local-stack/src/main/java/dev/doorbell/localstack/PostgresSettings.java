package dev.doorbell.localstack;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The part of postgresql.conf that we write, afresh at each start. */
final class PostgresSettings {
    private static final Set<String> OURS = Set.of("port", "listen_addresses", "unix_socket_directories");

    private PostgresSettings() {}

    static void check(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            throw new IllegalArgumentException("not the name of a PostgreSQL setting: " + name);
        }
        if (OURS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
            throw new IllegalArgumentException(name + " is set by LocalPostgres");
        }
    }

    static String render(int port, Map<String, String> extra) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("port", Integer.toString(port));
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        // Full durability, said and not left to defaults: nothing that is measured or crash-tested means anything else.
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        // "log" ranks above "error": a failing statement is told to its client and not to the file, which therefore
        // stays small and holds nothing from rows or statements.
        settings.put("log_min_messages", "log");
        settings.put("log_min_error_statement", "panic");
        settings.put("log_error_verbosity", "terse");
        settings.put("log_checkpoints", "off");
        settings.putAll(extra);
        StringBuilder text = new StringBuilder("# Written by local-stack at each start.\n");
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
        return text.toString();
    }
}
