package dev.doorbell.system.guards;

import dev.doorbell.system.guards.TestOutcome.Kind;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Collects what became of test methods. The runs of a parameterised or dynamic test count as the method's: one that
 * fails makes it fail. What fails above the methods, in the set-up of a class, is no failure of a test.
 */
final class OutcomeListener implements TestExecutionListener {
    private static final int CAUSES_MAX = 20;

    private final Map<String, TestOutcome> outcomes = new HashMap<>();
    private final StringBuilder above = new StringBuilder();
    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        note(identifier, new TestOutcome(Kind.NOT_RUN, "skipped: " + reason));
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        String failure = result.getThrowable().map(OutcomeListener::messages).orElse("");
        switch (result.getStatus()) {
            case FAILED -> note(identifier, new TestOutcome(Kind.FAILED, failure));
            case ABORTED -> note(identifier, new TestOutcome(Kind.NOT_RUN, "aborted: " + failure));
            case SUCCESSFUL -> {
                if (identifier.isTest()) {
                    note(identifier, TestOutcome.passed());
                }
            }
        }
    }

    private void note(TestIdentifier identifier, TestOutcome outcome) {
        String method = methodOf(identifier);
        if (method != null) {
            outcomes.merge(method, outcome, (before, now) -> before.kind() == Kind.PASSED ? now : before);
        } else if (outcome.kind() != Kind.PASSED) {
            above.append(identifier.getDisplayName())
                    .append(": ")
                    .append(outcome.detail())
                    .append('\n');
        }
    }

    private String methodOf(TestIdentifier identifier) {
        TestIdentifier candidate = identifier;
        while (candidate != null) {
            if (candidate.getSource().orElse(null) instanceof MethodSource source) {
                return source.getClassName() + "#" + source.getMethodName();
            }
            candidate = plan.getParent(candidate).orElse(null);
        }
        return null;
    }

    TestOutcome outcomeOf(String test) {
        return outcomes.getOrDefault(test, new TestOutcome(Kind.NOT_RUN, above.toString()));
    }

    /** Of the failure, its causes and what was suppressed, each with its type. */
    private static String messages(Throwable failure) {
        StringBuilder all = new StringBuilder();
        append(failure, all, Collections.newSetFromMap(new IdentityHashMap<>()));
        return all.toString();
    }

    private static void append(Throwable failure, StringBuilder all, Set<Throwable> seen) {
        if (failure == null || seen.size() == CAUSES_MAX || !seen.add(failure)) {
            return;
        }
        all.append(failure).append('\n');
        append(failure.getCause(), all, seen);
        for (Throwable suppressed : failure.getSuppressed()) {
            append(suppressed, all, seen);
        }
    }
}
