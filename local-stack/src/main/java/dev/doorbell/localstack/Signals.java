package dev.doorbell.localstack;

/**
 * Ignores signals. Ctrl-C goes to every process of the terminal's foreground group, not to the program alone; the child
 * JVMs must outlive it, since they end by their own rule, when their standard input ends.
 */
final class Signals {
    private Signals() {}

    static void ignore(String... names) {
        for (String name : names) {
            try {
                // By reflection: javac warns about a direct use of sun.misc, and the warning cannot be switched off.
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                Object ignore = handler.getField("SIG_IGN").get(null);
                Object instance = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, instance, ignore);
            } catch (ReflectiveOperationException unknownSignal) {
                // Windows has no HUP.
                continue;
            }
        }
    }
}
