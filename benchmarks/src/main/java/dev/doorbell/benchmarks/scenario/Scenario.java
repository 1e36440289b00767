package dev.doorbell.benchmarks.scenario;

import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.Figures;
import java.util.List;
import java.util.function.BiFunction;

/** One question. Each of its subjects has its turn in every round. */
public interface Scenario {
    /** For the table and the command line. */
    String name();

    /** In words, for the head of its table. */
    String question();

    /** The figures that the chart shows, best first. */
    List<String> headlines();

    /** What is measured beside each other: contenders, limits, settings. */
    List<Subject> subjects();

    /** One of them. */
    interface Subject {
        String name();

        Figures measure(Lab lab, Plan plan);

        static Subject of(String name, BiFunction<Lab, Plan, Figures> measurement) {
            return new Subject() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Figures measure(Lab lab, Plan plan) {
                    return measurement.apply(lab, plan);
                }
            };
        }
    }
}
