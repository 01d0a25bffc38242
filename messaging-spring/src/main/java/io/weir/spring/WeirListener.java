package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called with the messages of a subscription; or a class, whose
 * methods with {@link WeirHandler} are each called with those of one type.
 *
 * <pre class="code">
 * &#064;WeirListener(topics = "orders", subscription = "billing")
 * void onOrder(Order order, &#064;Header(WeirHeaders.KEY) String key) {
 *     bill(order);                                                    // acknowledged when it returns
 * }
 * </pre>
 * <p>
 * Parameters: the payload, decoded as the parameter's type and checked if it has
 * {@code @Valid} (a {@code List} of it if the listener takes batches), of which the
 * bean's class must say what its type variables are; {@link io.weir.message.Message} or
 * Spring's {@code org.springframework.messaging.Message} for everything about it;
 * Spring's {@code @Header} with the names of {@link WeirHeaders} or those that the
 * producer set; {@link Acknowledgement}. A method that returns a
 * {@link java.util.concurrent.CompletionStage}, or anything reactive, is done when that
 * completes; meanwhile it is given the next messages. What it returns is published to the
 * topics of Spring's {@code @SendTo}, before the message is acknowledged.
 * <p>
 * A method that throws gets the message again after the {@link #backoff() back-off}, and
 * no more when the message was delivered again as often as {@link #deadLetter()} allows,
 * unless the error handler says otherwise.
 * <p>
 * What is set for a listener's id below {@code weir.listeners} counts more than what its
 * annotation says.
 * <p>
 * A method may close its application context; its message is acknowledged when it
 * returns. {@link System#exit} never returns: acknowledge before, in mode {@code MANUAL},
 * or the message comes again.
 * <p>
 * All attributes may hold placeholders and SpEL expressions, which call the bean
 * {@code __listener}.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(WeirListeners.class)
public @interface WeirListener {

	/**
	 * The name of the listener in health, endpoints, metrics and the registry.
	 * @return unique within the application; by default made from the bean's name and the
	 * method's, if it is on a method
	 */
	String id() default "";

	/**
	 * The topics.
	 * @return one or more; each element may hold several, separated by commas. A
	 * {@code *} in one stands for any characters: {@code orders.*} is all topics whose
	 * names begin so, also those that come later, and has one consumer for all of them
	 */
	String[] topics();

	/**
	 * The subscription, which remembers what was acknowledged.
	 * @return the name; the {@link #id()} if absent
	 */
	String subscription() default "";

	/**
	 * How messages are shared out among the consumers of the subscription, those of other
	 * instances of the application included: to any of them ({@code SHARED}), those of
	 * one key to the same ({@code KEY_SHARED}), to one while others stand by
	 * ({@code FAILOVER}), or to the only one there may be ({@code EXCLUSIVE}). A
	 * {@code SHARED} subscription promises no order.
	 * @return a {@link io.weir.message.SubscriptionType}, in any case;
	 * {@code weir.listener.subscription-type} if absent
	 */
	String subscriptionType() default "";

	/**
	 * Where a new subscription begins.
	 * @return an {@link io.weir.message.InitialPosition}, in any case; {@code LATEST} if
	 * absent
	 */
	String initialPosition() default "";

	/**
	 * When messages are acknowledged. With {@code MANUAL} the method needs a parameter of
	 * type {@link Acknowledgement}.
	 * @return an {@link AckMode}, in any case; {@code weir.listener.ack-mode} if absent
	 */
	String ackMode() default "";

	/**
	 * Whether the method takes all messages that wait together, as a {@code List}. It may
	 * say on which of them it failed: {@link BatchListenerFailedException}.
	 * @return {@code true} or {@code false}, which is the default
	 */
	String batch() default "";

	/**
	 * How many consumers, each with a thread, there are for each topic.
	 * @return from 1; {@code weir.listener.concurrency} if absent. An {@code EXCLUSIVE}
	 * subscription has one; of a {@code FAILOVER} one, one works and the others stand by
	 */
	String concurrency() default "";

	/**
	 * How many messages of different keys each consumer works on at once, each on a
	 * thread of its own. Those of one key stay in the order of the subscription: the next
	 * one begins when the one before it has ended, also if that is retried in place.
	 * Messages without a key have no order then.
	 * @return from 1; {@code weir.listener.key-concurrency} if absent. Not for listeners
	 * that take or acknowledge batches
	 */
	String keyConcurrency() default "";

	/**
	 * Whether to start with the application.
	 * @return {@code true} or {@code false}; {@code weir.listener.auto-startup} if absent
	 */
	String autoStartup() default "";

	/**
	 * The client whose broker the messages are on, and the replies go to.
	 * @return the name of a further client, as below {@code weir.clients}; the default
	 * client if absent
	 * @see WeirClients
	 */
	String client() default "";

	/**
	 * What makes the container.
	 * @return the name of a {@link io.weir.spring.listener.WeirListenerContainerFactory}
	 * bean; {@code weirListenerContainerFactory} if absent, which an application may
	 * define itself
	 */
	String containerFactory() default "";

	/**
	 * What decides about messages that the method failed on.
	 * @return the name of a {@link io.weir.spring.listener.WeirErrorHandler} bean; if
	 * absent the container factory's, which is the bean {@code weirErrorHandler} if there
	 * is one, and never a bean of another name
	 */
	String errorHandler() default "";

	/**
	 * Failures that no further try would mend: their messages become dead letters at
	 * once.
	 * @return classes, subclasses included, beside
	 * {@link io.weir.spring.listener.NonRetryableFailures#ALWAYS} and
	 * {@code weir.listener.non-retryable}
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
	 * The group, whose listeners can be started and stopped together.
	 * @return any name; none if absent
	 * @see io.weir.spring.listener.WeirListenerRegistry#startGroup(String)
	 */
	String group() default "";

	/**
	 * What becomes of messages that the method always fails on.
	 * @return as {@code weir.consumer.dead-letter} says if absent
	 */
	DeadLetter deadLetter() default @DeadLetter;

	/**
	 * How long a message waits after a failure.
	 * @return as {@code weir.consumer.retry.backoff} says if absent
	 */
	Backoff backoff() default @Backoff;

	/**
	 * More settings.
	 * @return {@code key=value}; the keys are {@code receiver-queue-size},
	 * {@code receiver-queue-bytes}, {@code ack-timeout} and {@code acknowledgement-delay}
	 * of its consumers, as {@code weir.consumer} says if absent, and
	 * {@code idle-event-interval} after which without a message
	 * {@link io.weir.spring.listener.WeirListenerEvent.Idle} is published
	 */
	String[] properties() default {};

}
