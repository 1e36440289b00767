package dev.doorbell.system.badexamples.relay;

import java.util.logging.Logger;

public class UsesJavaUtilLogging {
    Logger dependency;
}
