package dev.doorbell.localstack;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What has to be undone when its owner is gone: the servers in a home directory, and the directory if it is ephemeral.
 *
 * @param stopCommand stops a server that cannot see the end of its owner in an orderly way (pg_ctl); may be empty
 */
record Estate(Path home, boolean ephemeral, List<String> stopCommand) {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(35);
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    Estate {
        stopCommand = List.copyOf(stopCommand);
    }

    /** Stops what still runs: in order where the data is kept, by force where it is not. True if nothing is left. */
    boolean stopProcesses() {
        Set<ProcessHandle> processes = OwnedProcesses.of(home);
        if (processes.isEmpty()) {
            return true;
        }
        boolean inOrder = true;
        if (!stopCommand.isEmpty() && OwnedProcesses.postmaster(home).isPresent()) {
            inOrder = runStopCommand();
        }
        if (inOrder && !(ephemeral && stopCommand.isEmpty())) {
            // A broker ends by itself at the end of its standard input; its data is flushed then.
            OwnedProcesses.awaitEnd(List.copyOf(processes), GRACE);
        }
        return OwnedProcesses.kill(processes, KILL_LIMIT);
    }

    private boolean runStopCommand() {
        try {
            return Command.run(null, STOP_LIMIT, stopCommand) == 0;
        } catch (IOException notStopped) {
            return false;
        }
    }

    /** Stops everything and deletes the directory if it is ephemeral: true if there was nothing left to do. */
    boolean clear() {
        boolean clean = OwnedProcesses.of(home).isEmpty();
        clean &= stopProcesses();
        if (ephemeral) {
            clean &= Files.notExists(home);
            Directories.delete(home);
        }
        return clean;
    }

    /** One line of printable ASCII without blanks in its fields, for the reaper's standard input. */
    String encode() {
        List<String> fields = new ArrayList<>(List.of(home.toString(), Boolean.toString(ephemeral)));
        fields.addAll(stopCommand);
        return String.join(
                " ",
                fields.stream()
                        .map(field -> URLEncoder.encode(field, StandardCharsets.UTF_8))
                        .toList());
    }

    static Estate decode(String line) {
        List<String> fields = Arrays.stream(line.split(" "))
                .map(field -> URLDecoder.decode(field, StandardCharsets.UTF_8))
                .toList();
        return new Estate(
                Path.of(fields.get(0)), Boolean.parseBoolean(fields.get(1)), fields.subList(2, fields.size()));
    }
}
