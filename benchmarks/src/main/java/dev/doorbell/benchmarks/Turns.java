package dev.doorbell.benchmarks;

import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.report.Measurement;
import dev.doorbell.benchmarks.report.Report;
import dev.doorbell.benchmarks.report.ReportFiles;
import dev.doorbell.benchmarks.scenario.Plan;
import dev.doorbell.benchmarks.scenario.Scenario;
import dev.doorbell.benchmarks.scenario.Scenario.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Who is measured when: in each round of a scenario every subject once, so that none has the quieter hour. */
final class Turns {
    private final Lab lab;
    private final Plan plan;
    private final Report report;
    private final Path output;
    private final Consumer<String> progress;
    private final BooleanSupplier stopped;
    private boolean failed;

    Turns(Lab lab, Plan plan, Report report, Path output, Consumer<String> progress, BooleanSupplier stopped) {
        this.lab = lab;
        this.plan = plan;
        this.report = report;
        this.output = output;
        this.progress = progress;
        this.stopped = stopped;
    }

    /** True if any turn failed; the others are measured all the same. */
    boolean take(List<Scenario> scenarios) {
        for (Scenario scenario : scenarios) {
            report.heading(scenario.name(), new Report.Heading(scenario.question(), scenario.headlines()));
            for (int round = 1; round <= plan.rounds(); round++) {
                // Nobody is always the one who comes after the heaviest.
                List<Subject> subjects = new ArrayList<>(scenario.subjects());
                Collections.rotate(subjects, 1 - round);
                for (Subject subject : subjects) {
                    take(scenario, subject, round);
                    ReportFiles.write(report, output);
                }
            }
        }
        return failed;
    }

    private void take(Scenario scenario, Subject subject, int round) {
        String turn = scenario.name() + ", " + subject.name() + ", round " + round + " of " + plan.rounds();
        progress.accept(turn);
        try {
            Map<String, Double> figures = subject.measure(lab, plan).values();
            report.add(new Measurement(scenario.name(), subject.name(), round, figures, null));
            StringBuilder headline = new StringBuilder("  ->");
            scenario.headlines().stream()
                    .filter(figures::containsKey)
                    .forEach(name -> headline.append(String.format(Locale.ROOT, " %s %,.2f", name, figures.get(name))));
            progress.accept(headline.toString());
        } catch (RuntimeException e) {
            if (stopped.getAsBoolean()) {
                // Its servers were taken from under it: not a failure of its own, and the next would fail too.
                throw new BenchmarkException("stopped");
            }
            failed = true;
            report.add(
                    new Measurement(scenario.name(), subject.name(), round, Map.of(), String.valueOf(e.getMessage())));
            progress.accept("  -> failed: " + e.getMessage());
        }
    }
}
