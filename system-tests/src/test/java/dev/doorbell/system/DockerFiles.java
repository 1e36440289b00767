package dev.doorbell.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@code docker/}, as far as they can be read without a container engine. */
final class DockerFiles {
    /** {@code ${NAME:-default}}; the file uses no other form. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

    private static final Path FOLDER = Repository.root().resolve("docker");

    private DockerFiles() {}

    static JsonNode compose() throws IOException {
        return new YAMLMapper().readTree(read("compose.yaml"));
    }

    static String read(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name));
    }

    /** The instructions of a build target, without those of the stage it builds on. */
    static List<String> target(String name) throws IOException {
        List<String> instructions = new ArrayList<>();
        boolean inside = false;
        for (String line : read("Dockerfile").lines().toList()) {
            if (line.startsWith("FROM ")) {
                inside = line.endsWith(" AS " + name);
            } else if (inside && !line.isBlank() && !line.startsWith("#")) {
                instructions.add(line);
            }
        }
        return instructions;
    }

    /** What compose makes of a text without any .env file. */
    static String withDefaults(String text) {
        return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(match.group(2)));
    }

    /** The variables that compose.yaml takes from .env, with their defaults. */
    static Map<String, List<String>> variables() throws IOException {
        Map<String, List<String>> defaults = new LinkedHashMap<>();
        try (Stream<MatchResult> uses = VARIABLE.matcher(read("compose.yaml")).results()) {
            uses.forEach(use -> {
                List<String> values = defaults.computeIfAbsent(use.group(1), name -> new ArrayList<>());
                if (!values.contains(use.group(2))) {
                    values.add(use.group(2));
                }
            });
        }
        return defaults;
    }

    /** The names of .env.example with their values. */
    static Map<String, List<String>> exampleEnvironment() throws IOException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String line : read(".env.example").lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split("=", 2);
                values.put(parts[0], List.of(parts[1]));
            }
        }
        return values;
    }
}
