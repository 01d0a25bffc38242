package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long a message waits before a listener that failed on it is given it again:
 * {@link WeirListener#backoff()}. What is absent is as
 * {@code weir.consumer.retry.backoff} says for all. All attributes may hold placeholders
 * and SpEL expressions; times are written as {@code 500ms}, {@code 10s} or {@code PT10S}.
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Backoff {

	/**
	 * The time after the first failure.
	 * @return from zero
	 */
	String initial() default "";

	/**
	 * The factor by which the time grows with each further failure.
	 * @return from 1
	 */
	String multiplier() default "";

	/**
	 * The longest time.
	 * @return not less than the first, and at most 365 days
	 */
	String max() default "";

}
