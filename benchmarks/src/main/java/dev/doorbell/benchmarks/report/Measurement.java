package dev.doorbell.benchmarks.report;

import java.util.Map;

/**
 * One turn of one subject.
 *
 * @param round from 1
 * @param figures by name; empty when it failed
 * @param failure null unless it failed
 */
public record Measurement(String scenario, String subject, int round, Map<String, Double> figures, String failure) {}
