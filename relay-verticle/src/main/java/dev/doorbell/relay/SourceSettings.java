package dev.doorbell.relay;

import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The settings that every source has of its own: {@code RELAY_SOURCE_<NAME>_…}, the name in capitals, - as _. */
final class SourceSettings {
    static final String AGGREGATE_TYPE_PLACEHOLDER = "{aggregate_type}";

    private static final String PREFIX = "RELAY_SOURCE_";
    private static final int TOPIC_LENGTH_MAX = 249;

    private final Setting<String> topicTemplate;
    private final Setting<Boolean> trigger;
    private final Setting<String> table;
    private final Setting<Map<String, String>> columns;
    private final Setting<String> headerStyle;
    private final Setting<Map<String, String>> headerMap;

    private SourceSettings(String variablePart) {
        String prefix = PREFIX + variablePart;
        topicTemplate = topicTemplate(prefix + "_TOPIC_TEMPLATE");
        trigger = trigger(prefix + "_TRIGGER");
        table = Setting.of(
                prefix + "_TABLE",
                OutboxSql.TABLE,
                "schema.table",
                "an outbox table that is there already; see docs/existing-tables.md",
                OutboxTable::parseName);
        columns = Setting.of(
                prefix + "_COLUMNS",
                OutboxTable.DOORBELL,
                "doorbell, debezium, name:column,…",
                "which column of the table is what",
                OutboxTable::parseColumns);
        headerStyle = Setting.choice(
                prefix + "_HEADER_STYLE",
                "cloudevents",
                List.of("cloudevents", "debezium"),
                "headers as CloudEvents 1.0, or as Debezium's outbox event router");
        headerMap = Setting.of(
                prefix + "_HEADER_MAP",
                "",
                "column:header:name,…",
                "columns that become headers, as table.fields.additional.placement",
                HeaderMap::parse);
    }

    /** Those of a source, for {@code --help} and to tell which variables there are. */
    static List<Setting<?>> of(String variablePart) {
        SourceSettings settings = new SourceSettings(variablePart);
        return List.of(
                settings.topicTemplate,
                settings.trigger,
                settings.table,
                settings.columns,
                settings.headerStyle,
                settings.headerMap);
    }

    static String triggerVariable(String sourceName) {
        return new SourceSettings(variablePart(sourceName)).trigger.name();
    }

    /** Problems go to {@code environment}. */
    static List<SourceConfig> read(Environment environment, Map<String, DatabaseUrl> databases) {
        List<SourceConfig> sources = new ArrayList<>();
        Set<String> known = new HashSet<>(Set.of(RelayConfig.SOURCES.name()));
        databases.forEach((name, database) -> {
            of(variablePart(name)).forEach(setting -> known.add(setting.name()));
            SourceConfig source = new SourceSettings(variablePart(name)).read(environment, name, database);
            if (source != null) {
                sources.add(source);
            }
        });
        // A misspelt source or setting would otherwise be ignored in silence.
        environment.variables().keySet().stream()
                .filter(variable -> variable.startsWith(PREFIX) && !known.contains(variable))
                .sorted()
                .forEach(variable -> environment.problem(variable + " belongs to no source of RELAY_SOURCES, or is no "
                        + "setting of a source; --help lists those"));
        return sources;
    }

    private SourceConfig read(Environment environment, String name, DatabaseUrl database) {
        String template = environment.get(topicTemplate);
        Boolean hasTrigger = environment.get(trigger);
        String tableName = environment.get(table);
        Map<String, String> columnNames = environment.get(columns);
        String style = environment.get(headerStyle);
        Map<String, String> headers = environment.get(headerMap);
        if (hasTrigger == null || tableName == null || columnNames == null || style == null || headers == null) {
            return null;
        }
        HeaderStyle headersOf = HeaderStyle.valueOf(style.toUpperCase(Locale.ROOT));
        headers.keySet().stream()
                .filter(EventMapper.reserved(headersOf)::contains)
                .forEach(header -> environment.problem(headerMap.name() + " sets the header " + header
                        + ", which the style " + style + " sets itself"));
        return new SourceConfig(
                name, database, template, hasTrigger, OutboxTable.of(tableName, columnNames, headers), headersOf);
    }

    private static String variablePart(String sourceName) {
        return sourceName.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Setting<Boolean> trigger(String variable) {
        return Setting.of(
                variable,
                "true",
                "true or false",
                "false: the outbox has no trigger and is polled, for writers that PREPARE their transactions",
                text -> {
                    if (!text.equals("true") && !text.equals("false")) {
                        throw new IllegalArgumentException("is not one of true, false");
                    }
                    return Boolean.valueOf(text);
                });
    }

    private static Setting<String> topicTemplate(String variable) {
        return Setting.of(
                variable,
                "outbox.event." + AGGREGATE_TYPE_PLACEHOLDER,
                "topic with " + AGGREGATE_TYPE_PLACEHOLDER,
                "topic of a source's rows that name none; <NAME> in capitals, - as _",
                text -> {
                    String fixed = text.replace(AGGREGATE_TYPE_PLACEHOLDER, "");
                    if (!fixed.matches("[A-Za-z0-9._-]*") || fixed.length() > TOPIC_LENGTH_MAX) {
                        throw new IllegalArgumentException("is not a topic's name: letters, digits, '.', '_', '-' and "
                                + AGGREGATE_TYPE_PLACEHOLDER);
                    }
                    return text;
                });
    }
}
