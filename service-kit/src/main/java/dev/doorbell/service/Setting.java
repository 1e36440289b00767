package dev.doorbell.service;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One environment variable that a service reads: its name, default, unit and meaning, and how its text becomes a value.
 * The list of a service's settings is all that {@code --help} prints.
 *
 * @param defaultText null for a setting that must be given
 * @param unit what the number counts or the form of the text, as printed by {@code --help}
 * @param secret the value must not be repeated in an error
 */
public record Setting<T>(
        String name, String defaultText, String unit, String description, boolean secret, Function<String, T> parser) {

    public static Setting<Integer> integer(
            String name, int defaultValue, int min, int max, String unit, String description) {
        return new Setting<>(name, String.valueOf(defaultValue), unit, description, false, text -> {
            int value = parse(text, Integer::parseInt, "is not a whole number");
            if (value < min || value > max) {
                throw new IllegalArgumentException("is not between " + min + " and " + max);
            }
            return value;
        });
    }

    public static Setting<Integer> port(String name, int defaultValue, String description) {
        return integer(name, defaultValue, 0, 65535, "port, 0 for a free one", description);
    }

    public static Setting<BigDecimal> amount(String name, String defaultValue, String description) {
        return new Setting<>(name, defaultValue, "amount, at most 4 decimals", description, false, text -> {
            BigDecimal value = parse(text, BigDecimal::new, "is not a decimal number");
            if (value.signum() < 0 || value.scale() > 4 || value.precision() - value.scale() > 15) {
                throw new IllegalArgumentException("is not an amount: 0 or more, at most 15 digits and 4 decimals");
            }
            return value;
        });
    }

    public static Setting<String> text(String name, String defaultValue, String unit, String description) {
        return new Setting<>(name, defaultValue, unit, description, false, text -> {
            if (text.isBlank() || text.length() > 1_000) {
                throw new IllegalArgumentException("is empty or longer than 1,000 characters");
            }
            return text;
        });
    }

    public static Setting<String> choice(String name, String defaultValue, List<String> choices, String description) {
        return new Setting<>(name, defaultValue, String.join(" or ", choices), description, false, text -> {
            if (!choices.contains(text)) {
                throw new IllegalArgumentException("is not one of " + String.join(", ", choices));
            }
            return text;
        });
    }

    public static Setting<DatabaseUrl> databaseUrl(String name, String description) {
        return new Setting<>(name, null, DatabaseUrl.FORM, description, true, DatabaseUrl::parse);
    }

    /** A setting whose text needs a parser of its own, which throws IllegalArgumentException saying what is wrong. */
    public static <T> Setting<T> of(
            String name, String defaultText, String unit, String description, Function<String, T> parser) {
        return new Setting<>(name, defaultText, unit, description, false, parser);
    }

    /** Kafka's {@code host:port,host:port}. */
    public static Setting<String> bootstrapServers() {
        return of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "localhost:9092",
                "host:port,host:port",
                "where Kafka is first reached",
                text -> {
                    boolean valid = Arrays.stream(text.split(",", -1))
                            .allMatch(server -> server.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):[0-9]{1,5}"));
                    if (!valid) {
                        throw new IllegalArgumentException("is not of the form host:port,host:port");
                    }
                    return text;
                });
    }

    /** The form of the log; read by logback.xml too, here for {@code --help} and so that a wrong value is refused. */
    public static Setting<String> logFormat() {
        return choice("LOG_FORMAT", "text", List.of("text", "json"), "the form of the log on standard output");
    }

    /** How much is logged of our own code; read by logback.xml too. */
    static Setting<String> logLevel() {
        return choice(
                "LOG_LEVEL",
                "INFO",
                List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE"),
                "how much of our code is logged");
    }

    public boolean required() {
        return defaultText == null;
    }

    /** Reads the setting from {@code environment}; an empty variable counts as not set. */
    T read(Map<String, String> environment) {
        String given = environment.get(name);
        String text = given == null || given.isEmpty() ? defaultText : given;
        if (text == null) {
            throw new ConfigException(name + " is not set; it takes " + unit);
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String value = secret ? "" : " \"" + abbreviated(text) + "\"";
            throw new ConfigException(name + value + " " + e.getMessage());
        }
    }

    private static <V> V parse(String text, Function<String, V> parser, String otherwise) {
        try {
            return parser.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(otherwise, e);
        }
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
