package dev.doorbell.benchmarks;

import dev.doorbell.benchmarks.contender.Contender;
import dev.doorbell.benchmarks.contender.Debezium;
import dev.doorbell.benchmarks.contender.DoorbellRelay;
import dev.doorbell.benchmarks.contender.Namastack;
import dev.doorbell.benchmarks.contender.PollingRelay;
import dev.doorbell.benchmarks.scenario.BacklogDrain;
import dev.doorbell.benchmarks.scenario.Conditions;
import dev.doorbell.benchmarks.scenario.HttpRate;
import dev.doorbell.benchmarks.scenario.IdleSources;
import dev.doorbell.benchmarks.scenario.LatencyAtRate;
import dev.doorbell.benchmarks.scenario.Registrations;
import dev.doorbell.benchmarks.scenario.Retention;
import dev.doorbell.benchmarks.scenario.Scenario;
import dev.doorbell.benchmarks.scenario.WritersRate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All questions and all contenders. */
final class Catalogue {
    /** So few that our relay goes to sleep after each. */
    private static final double SINGLE_EVENTS_PER_S = 5;

    private static final List<Contender> CONTENDERS =
            List.of(new DoorbellRelay(), new Debezium(), new PollingRelay(), new Namastack());

    /** With --quick, unless others are asked for: each kind once. */
    private static final List<String> QUICK =
            List.of("writers", "latency-1000", "backlog", "idle-sources", "http-64", "registrations");

    private Catalogue() {}

    /** @throws IllegalArgumentException for a name that nothing here has */
    static List<Scenario> select(Arguments arguments) {
        List<Contender> contenders = CONTENDERS.stream()
                .filter(contender -> arguments.contenders().isEmpty()
                        || arguments.contenders().contains(contender.name()))
                .toList();
        List<Scenario> scenarios = scenarios(contenders);
        require(
                "contender",
                arguments.contenders(),
                CONTENDERS.stream().map(Contender::name).toList());
        require(
                "scenario",
                arguments.scenarios(),
                scenarios.stream().map(Scenario::name).toList());
        List<String> asked = !arguments.scenarios().isEmpty() || !arguments.quick() ? arguments.scenarios() : QUICK;
        List<Scenario> selected = scenarios.stream()
                .filter(scenario -> asked.isEmpty() || asked.contains(scenario.name()))
                .toList();
        selected.stream()
                .filter(scenario -> arguments.scenarios().contains(scenario.name())
                        && scenario.subjects().isEmpty())
                .findFirst()
                .ifPresent(scenario -> {
                    throw new IllegalArgumentException("the scenario \"" + scenario.name() + "\" has no turn for "
                            + String.join(", ", arguments.contenders()));
                });
        return selected.stream()
                .filter(scenario -> !scenario.subjects().isEmpty())
                .toList();
    }

    private static List<Scenario> scenarios(List<Contender> contenders) {
        return List.of(
                new WritersRate(),
                LatencyAtRate.ofSingleEvents("single-events", SINGLE_EVENTS_PER_S, contenders),
                new LatencyAtRate("latency-1000", 1_000, contenders),
                new LatencyAtRate("latency-4000", 4_000, contenders),
                new BacklogDrain(withDebeziumHeaders(contenders)),
                Conditions.heldSnapshot(contenders),
                Conditions.retainedRows(contenders),
                new Retention(),
                new IdleSources(),
                new HttpRate(64),
                new HttpRate(256),
                new Registrations());
    }

    /** Ours once more, with records like Debezium's. */
    private static List<Contender> withDebeziumHeaders(List<Contender> contenders) {
        return contenders.stream()
                .flatMap(contender -> contender instanceof DoorbellRelay
                        ? Stream.of(contender, DoorbellRelay.withDebeziumHeaders())
                        : Stream.of(contender))
                .toList();
    }

    private static void require(String what, List<String> asked, List<String> known) {
        asked.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no " + what + " \"" + name + "\"; there are " + known);
        });
    }

    static String describe() {
        return scenarios(CONTENDERS).stream()
                .map(scenario -> "  " + scenario.name() + ": " + scenario.question() + ".")
                .collect(Collectors.joining("\n", "\nScenarios:\n", "\n"));
    }
}
