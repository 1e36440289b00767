package dev.doorbell.benchmarks;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the user asked for.
 *
 * @param scenarios names to measure; empty for all
 * @param contenders names to measure; empty for all
 */
record Arguments(boolean help, boolean quick, int rounds, List<String> scenarios, List<String> contenders) {
    private static final int ROUNDS_DEFAULT = 3;
    private static final int ROUNDS_MAX = 20;
    static final String HELP = """
            Benchmarks: our relay beside other ways from an outbox table to Kafka, on servers of their own.

              --quick               under five minutes; shows that everything works, compares nothing
              --rounds <n>          turns of each contender, 1 to 20; default 3, with --quick 1
              --scenarios <a,b>     only these
              --contenders <a,b>    of the contenders only these: doorbell, debezium, polling, namastack
              --help                prints this

            With Maven: mvn -q -Pbenchmarks -pl benchmarks -am package "-Dbenchmarks.args=--quick"
            """;

    /** @throws IllegalArgumentException naming what cannot be understood */
    static Arguments parse(String[] args) {
        boolean help = false;
        boolean quick = false;
        OptionalInt rounds = OptionalInt.empty();
        List<String> scenarios = List.of();
        List<String> contenders = List.of();
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        while (!rest.isEmpty()) {
            String argument = rest.poll();
            switch (argument) {
                case "--help", "-h" -> help = true;
                case "--quick" -> quick = true;
                case "--rounds" -> rounds = OptionalInt.of(rounds(value(argument, rest)));
                case "--scenarios" -> scenarios = names(value(argument, rest));
                case "--contenders" -> contenders = names(value(argument, rest));
                default ->
                    throw new IllegalArgumentException("\"" + argument + "\" is not known; --help lists what is");
            }
        }
        return new Arguments(help, quick, rounds.orElse(quick ? 1 : ROUNDS_DEFAULT), scenarios, contenders);
    }

    private static String value(String argument, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(argument + " needs a value behind it");
        }
        return rest.poll();
    }

    private static int rounds(String text) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > ROUNDS_MAX) {
            throw new IllegalArgumentException("--rounds is between 1 and " + ROUNDS_MAX);
        }
        return Integer.parseInt(text);
    }

    private static List<String> names(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
