package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called with the messages of a topic, in the order stored and
 * without a subscription: each instance of the application is given all messages, and the
 * broker remembers nothing of it. Or a class, whose methods with {@link WeirHandler} are
 * each called with those of one type.
 *
 * <pre class="code">
 * &#064;WeirReader(topics = "prices", startAt = "earliest", compacted = "true")
 * void onPrice(Price price, &#064;Header(WeirHeaders.KEY) String article) {
 *     this.prices.put(article, price);
 * }
 * </pre>
 * <p>
 * Parameters and returned values are as those of {@link WeirListener}, but for
 * {@link Acknowledgement}: there is nothing to acknowledge. Messages of a type that the
 * method does not take are passed over. In health, endpoints, events, the registry and
 * below {@code weir.listeners} it is a listener like any other.
 * <p>
 * A reader that was stopped and is started again, or that has lost its connection, goes
 * on where it was; a new process begins at {@link #startAt()}.
 * <p>
 * A message that the method fails on is retried in place, after the {@link #backoff()
 * back-off}, and left out after 10 retries, which is logged as an error, or at once if no
 * further try would mend it; unless the error handler says otherwise. It can be retried
 * in place, be discarded, or stop the reader; to deliver it again means to retry it in
 * place, and as a dead letter it is discarded.
 * <p>
 * All attributes may hold placeholders and SpEL expressions, which call the bean
 * {@code __listener}.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(WeirReaders.class)
public @interface WeirReader {

	/**
	 * The name of the reader in health, endpoints, metrics and the registry.
	 * @return unique within the application, among those of listeners; by default made
	 * from the bean's name and the method's, if it is on a method
	 */
	String id() default "";

	/**
	 * The topics, each read by a thread.
	 * @return one or more names; each element may hold several, separated by commas
	 */
	String[] topics();

	/**
	 * Where to begin.
	 * @return {@code earliest}; {@code latest}; a time as {@code 2026-01-31T12:00:00Z},
	 * for the first message that was stored then or later; or the id of the first message
	 * to be read, if there is one topic, whose other partitions are read from their
	 * beginning then
	 */
	String startAt();

	/**
	 * Which partitions of the topic to read, so that instances of the application, or
	 * several readers, may divide it.
	 * @return numbers and ranges, as {@code 0-2,5}; all if absent, also those that come
	 * later. One that the topic does not have is waited for
	 */
	String partitions() default "";

	/**
	 * Whether to pass over messages that have a later one with their key, as far as the
	 * broker has found out: it looks for them if the topic has the policy
	 * {@code compaction}.
	 * @return {@code true} or {@code false}, which is the default
	 * @see io.weir.client.ReaderBuilder#compacted()
	 */
	String compacted() default "";

	/**
	 * Whether the method takes all messages that wait together, as a {@code List}. It may
	 * say on which of them it failed: {@link BatchListenerFailedException}.
	 * @return {@code true} or {@code false}, which is the default
	 */
	String batch() default "";

	/**
	 * Whether to start with the application.
	 * @return {@code true} or {@code false}; {@code weir.listener.auto-startup} if absent
	 */
	String autoStartup() default "";

	/**
	 * The client whose broker the messages are on.
	 * @return the name of a further client, as below {@code weir.clients}; the default
	 * client if absent
	 * @see WeirClients
	 */
	String client() default "";

	/**
	 * What makes the container.
	 * @return as {@link WeirListener#containerFactory()}
	 */
	String containerFactory() default "";

	/**
	 * What decides about messages that the method failed on.
	 * @return as {@link WeirListener#errorHandler()}
	 */
	String errorHandler() default "";

	/**
	 * Failures that no further try would mend: their messages are left out at once.
	 * @return as {@link WeirListener#nonRetryable()}
	 */
	Class<? extends Throwable>[] nonRetryable() default {};

	/**
	 * Failures that are retried all the same.
	 * @return classes, subclasses included
	 */
	Class<? extends Throwable>[] retryable() default {};

	/**
	 * What decides which messages the method is given.
	 * @return the name of a {@link io.weir.spring.listener.WeirMessageFilter} bean; all
	 * messages if absent
	 */
	String filter() default "";

	/**
	 * The group, whose listeners and readers can be started and stopped together.
	 * @return any name; none if absent
	 */
	String group() default "";

	/**
	 * How long a message waits after a failure.
	 * @return as {@code weir.consumer.retry.backoff} says if absent
	 */
	Backoff backoff() default @Backoff;

	/**
	 * More settings.
	 * @return {@code key=value}; the keys are {@code receiver-queue-size} and
	 * {@code receiver-queue-bytes}, as {@code weir.consumer} says if absent, and
	 * {@code idle-event-interval} after which without a message
	 * {@link io.weir.spring.listener.WeirListenerEvent.Idle} is published
	 */
	String[] properties() default {};

}
