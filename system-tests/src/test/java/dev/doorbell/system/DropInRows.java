package dev.doorbell.system;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Outbox tables with the columns of Debezium's documentation and some more for headers, and rows for them: usual ones,
 * and whatever a converter or a header might change on its way.
 */
final class DropInRows {
    /** Objects only, of members that Debezium can give a schema. */
    static final String DOCUMENT = "dropin-document";

    private static final String ODD = "dropin-odd";
    private static final String TEXT = "dropin-text";
    private static final String BYTES = "dropin-bytes";
    static final List<String> AGGREGATE_TYPES = List.of(DOCUMENT, ODD, TEXT, BYTES);

    private static final String MORE =
            "tenant text, attempt integer, urgent boolean, correlation uuid, context jsonb, noise text)";
    static final List<String> TABLES = List.of(
            "CREATE TABLE outbox (id uuid PRIMARY KEY, aggregatetype varchar(255) NOT NULL, "
                    + "aggregateid varchar(255) NOT NULL, type varchar(255) NOT NULL, payload jsonb, " + MORE,
            "CREATE TABLE outbox_text (id text PRIMARY KEY, aggregatetype text NOT NULL, aggregateid bigint NOT NULL, "
                    + "type text NOT NULL, payload text, " + MORE,
            "CREATE TABLE outbox_bytes (id bigint PRIMARY KEY, aggregatetype varchar(255) NOT NULL, "
                    + "aggregateid uuid NOT NULL, type varchar(255) NOT NULL, payload bytea)");

    /** Larger than a page, so that PostgreSQL keeps it apart, and larger than a batch. */
    private static final String LARGE = "repeat(md5(random()::text), 12000)";

    static final List<String> ROWS = Stream.of(documents(), odd(), texts(), bytes())
            .flatMap(rows -> rows)
            .toList();

    private DropInRows() {}

    /** How many rows there are of an aggregate type. */
    static long count(String type) {
        return ROWS.stream().filter(row -> row.contains("'" + type + "'")).count();
    }

    private static Stream<String> documents() {
        return Stream.concat(
                IntStream.range(0, 40)
                        .mapToObj(i -> json(
                                DOCUMENT,
                                "customer-" + i % 7,
                                i % 2 == 0 ? "CustomerCreated" : "CustomerChanged",
                                "'{\"number\": " + i + ",  \"name\": \"Ünï 日本 🚀 \\\"" + i + "\\\"\", \"price\": 1.25, "
                                        + "\"open\": true, \"lines\": [{\"sku\": \"a\\\\b\", \"n\": 2}, {\"sku\": \"\", \"n\": 0}]}'",
                                "'tenant', " + i + ", " + (i % 3 == 0)
                                        + ", gen_random_uuid(), '{\"b\":1, \"a\": [null]}'")),
                Stream.of(json(
                        DOCUMENT,
                        "large",
                        "Large",
                        "jsonb_build_object('large', " + LARGE + ")",
                        "NULL, NULL, NULL, NULL, NULL")));
    }

    private static Stream<String> odd() {
        String nothing = "NULL, NULL, NULL, NULL, NULL";
        return Stream.of(
                json(ODD, "no payload", "Removed", "NULL", nothing),
                json(ODD, "json null", "Changed", "'null'", nothing),
                json(ODD, "a number", "Changed", "'1.10'", nothing),
                json(ODD, "a large number", "Changed", "'{\"n\": 12345678901234567890123.50, \"e\": 1e30}'", nothing),
                json(ODD, "a text", "Changed", "'\"te\\\"xt\"'", nothing),
                json(ODD, "an array", "Changed", "'[1, \"two\", null, {}]'", nothing),
                json(ODD, "empty", "Changed", "'{}'", nothing),
                json(ODD, "", "Changed", "'{\"key\": \"empty\"}'", nothing),
                json(ODD, "schlüssel 鍵 🔑", "Geändert ✓", "'{\"ü\": \"\\u0001\\u00e9\"}'", nothing),
                json(ODD, "headers", "Changed", "'{}'", "'', 0, false, '00000000-0000-0000-0000-000000000000', 'null'"),
                json(
                        ODD,
                        "headers",
                        "{\"looks\": \"like json\"}",
                        "'{}'",
                        "E'ünï \"quoted\" \\\\ \\n \\t 🚀', -2147483648, true, NULL, '\"text\"'"),
                json(ODD, "headers", "42", "'{}'", "'true', 2147483647, NULL, NULL, '[1.50, 2e3]'"),
                json(ODD, " headers ", "null", "'{}'", "' 1.0 ', 7, true, NULL, '12345678901234567890.10'"));
    }

    private static Stream<String> texts() {
        return IntStream.range(0, 12)
                .mapToObj(i -> "INSERT INTO outbox_text VALUES ('order/" + i + "', '" + TEXT + "', "
                        + List.of("1", "-9223372036854775808", "9223372036854775807")
                                .get(i % 3) + ", 'Paid', "
                        + List.of("'{\"b\":1,  \"a\":2}'", "'<order nr=\"ü\"/>'", "''", "NULL")
                                .get(i % 4)
                        + ", 'a', 1, true, NULL, NULL, 'not a header')");
    }

    private static Stream<String> bytes() {
        return IntStream.range(0, 8)
                .mapToObj(
                        i -> "INSERT INTO outbox_bytes VALUES (" + i + ", '" + BYTES + "', gen_random_uuid(), 'Paid', "
                                + List.of("'\\x00ff80c3287b'", "''", "NULL", "convert_to(" + LARGE + ", 'UTF8')")
                                        .get(i % 4)
                                + ")");
    }

    /** @param more the values of the columns for headers */
    private static String json(String aggregateType, String aggregateId, String type, String payload, String more) {
        return "INSERT INTO outbox VALUES (gen_random_uuid(), '" + aggregateType + "', '" + aggregateId + "', '" + type
                + "', " + payload + ", " + more + ", 'not a header')";
    }
}
