package dev.doorbell.system.guards;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The guards of one file below {@code system-tests/src/guards}.
 *
 * @param name the file's name without its ending
 */
record GuardArea(String name, List<Guard> guards) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String ENDING = ".yaml";

    /** All areas in the order of their names. */
    static List<GuardArea> readAll(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .map(GuardArea::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException naming the file and the entry that is incomplete */
    static GuardArea read(Path file) {
        try {
            List<Guard> guards = YAML.readValue(file.toFile(), new TypeReference<>() {});
            String fileName = file.getFileName().toString();
            return new GuardArea(fileName.substring(0, fileName.length() - ENDING.length()), guards);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    static List<Guard> all(List<GuardArea> areas) {
        return areas.stream().flatMap(area -> area.guards().stream()).toList();
    }

    /** The guards of the areas and the rules of these names, with a comma between them; all for null. */
    static List<Guard> named(List<GuardArea> areas, String names) {
        List<String> wanted = names == null ? List.of() : List.of(names.split(","));
        return areas.stream()
                .flatMap(area -> area.guards().stream()
                        .filter(guard ->
                                names == null || wanted.contains(area.name()) || wanted.contains(guard.rule())))
                .toList();
    }
}
