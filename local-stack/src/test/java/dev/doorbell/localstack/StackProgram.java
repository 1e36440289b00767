package dev.doorbell.localstack;

import java.lang.reflect.Proxy;
import java.nio.file.Path;

/** A program that starts a stack and runs until it is ended from outside. Argument: the directory to keep, or none. */
final class StackProgram {
    static final String READY = "both ready";

    private StackProgram() {}

    public static void main(String[] arguments) throws Exception {
        exitOnInterrupt();
        LocalStack stack = arguments.length == 0
                ? LocalStack.start(System.out::println)
                : LocalStack.startIn(Path.of(arguments[0]), System.out::println);
        System.out.println(READY);
        synchronized (stack) {
            stack.wait();
        }
    }

    /** The JVM's own answer to Ctrl-C, also where a shell has started the tests with the signal ignored. */
    private static void exitOnInterrupt() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object exit = Proxy.newProxyInstance(
                StackProgram.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, values) -> {
                    System.exit(130);
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("INT"), exit);
    }
}
