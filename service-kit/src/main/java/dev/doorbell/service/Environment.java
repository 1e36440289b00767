package dev.doorbell.service;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment as a service's configuration reads it. Problems are collected, so that a user with three wrong
 * settings hears of three at once: read everything, then call {@link #check}.
 */
public final class Environment {
    private final Map<String, String> variables;
    /** A set: two readers of one setting are one problem. */
    private final Set<String> problems = new LinkedHashSet<>();

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Returns the setting's value, or null when it cannot be used, which {@link #check} then throws. */
    public <T> T get(Setting<T> setting) {
        try {
            return setting.read(variables);
        } catch (ConfigException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    /** For a value that is wrong only together with another one. */
    public void problem(String line) {
        problems.add(line);
    }

    /** The raw variables, for settings whose names depend on other settings. */
    public Map<String, String> variables() {
        return variables;
    }

    /** @throws ConfigException when a setting could not be used */
    public void check() {
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
    }
}
