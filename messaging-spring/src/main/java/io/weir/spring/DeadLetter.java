package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What becomes of messages that a listener always fails on:
 * {@link WeirListener#deadLetter()}. What is absent is as
 * {@code weir.consumer.dead-letter} says for all. All attributes may hold placeholders
 * and SpEL expressions.
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface DeadLetter {

	/**
	 * Whether such messages are published to a dead-letter topic. Without one they are
	 * delivered for ever.
	 * @return {@code true} or {@code false}; if absent, {@code true} with a
	 * {@link #topic()} or {@link #maxRedeliveries()}
	 */
	String enabled() default "";

	/**
	 * The dead-letter topic.
	 * @return its name; if absent and enabled, {@code <topic>.<subscription>.dead}
	 */
	String topic() default "";

	/**
	 * How often a message is delivered again before.
	 * @return from 0
	 */
	String maxRedeliveries() default "";

}
