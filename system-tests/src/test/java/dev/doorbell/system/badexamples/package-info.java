/**
 * A small system that breaks every architecture rule, so that each rule is seen to reject what it must and nothing
 * else: its packages stand below this one as ours stand below {@code dev.doorbell}. A class is named after what it does
 * wrong; {@code Fine} ones are only there to be used. Nothing here is ever run.
 */
package dev.doorbell.system.badexamples;
