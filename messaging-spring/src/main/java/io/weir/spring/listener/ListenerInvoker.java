package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.Consumer;
import io.weir.client.WeirException;
import io.weir.concurrent.Causes;
import io.weir.message.Message;
import io.weir.message.Redelivery;
import io.weir.spring.AckMode;
import io.weir.spring.observation.WeirObservations;

/**
 * Hands the messages of one consumer to the listener and does what follows: acknowledges,
 * or asks the error handler. Used by one thread; what a listener returned may complete on
 * any.
 */
final class ListenerInvoker {

	private static final Logger logger = LoggerFactory.getLogger(ListenerInvoker.class);

	/** After a failure of the error handler itself. */
	private static final Duration REDELIVERY_DELAY = Duration.ofMinutes(1);

	private final ContainerSettings settings;

	private final Consumer<byte[]> consumer;

	private final ListenerControl control;

	private final WeirObservations observations;

	private final ListenerCounts counts;

	/** One permit for each delivery that may be under way. */
	private final Semaphore free;

	/** What batches that failed have left, for the thread to hand over. */
	private final Queue<List<Message<byte[]>>> untouched = new ConcurrentLinkedQueue<>();

	/** Has the thread look for what is untouched. */
	private final Runnable wake;

	ListenerInvoker(ContainerSettings settings, Consumer<byte[]> consumer, ListenerControl control,
			WeirObservations observations, ListenerCounts counts, Runnable wake) {
		this.settings = settings;
		this.consumer = consumer;
		this.control = control;
		this.observations = observations;
		this.counts = counts;
		this.free = new Semaphore(settings.receiverQueueSize());
		this.wake = wake;
	}

	/** Whether there is something to be handed over before anything is received. */
	boolean hasUntouched() {
		return !this.untouched.isEmpty();
	}

	/** What is to be handed over before anything is received; perhaps nothing. */
	List<Message<byte[]>> untouched() {
		List<Message<byte[]>> next = this.untouched.poll();
		return (next != null) ? next : List.of();
	}

	void handle(List<Message<byte[]>> messages) throws InterruptedException {
		if (this.settings.batch()) {
			for (List<Message<byte[]>> ofOneTopic : byTopic(messages)) {
				deliver(ofOneTopic, null);
			}
		}
		else if (this.settings.ackMode() == AckMode.BATCH) {
			deliverOneByOne(messages);
		}
		else {
			for (Message<byte[]> message : messages) {
				deliver(List.of(message), null);
			}
		}
	}

	/** A consumer of several topics, those of a pattern, has messages of any. */
	private static Collection<List<Message<byte[]>>> byTopic(List<Message<byte[]>> messages) {
		String topic = messages.get(0).topic();
		if (messages.stream().allMatch((message) -> message.topic().equals(topic))) {
			return List.of(messages);
		}
		return messages.stream()
			.collect(Collectors.groupingBy(Message::topic, LinkedHashMap::new, Collectors.toList()))
			.values();
	}

	/** Acknowledges at the end. What a stop leaves unhandled is given back. */
	private void deliverOneByOne(List<Message<byte[]>> messages) throws InterruptedException {
		List<Message<byte[]>> handled = Collections.synchronizedList(new ArrayList<>());
		for (Message<byte[]> message : messages) {
			if (this.control.isStopped()) {
				break;
			}
			deliver(List.of(message), handled);
		}
		drain();
		handled.forEach(this.consumer::acknowledge);
	}

	/** Waits until nothing is under way. */
	void drain() throws InterruptedException {
		int all = this.settings.receiverQueueSize();
		this.free.acquire(all);
		this.free.release(all);
	}

	private void deliver(List<Message<byte[]>> messages, @Nullable List<Message<byte[]>> handled)
			throws InterruptedException {
		this.free.acquire();
		this.counts.received.add(messages.size());
		Delivery delivery = new Delivery(messages, handled);
		try {
			CompletionStage<?> result = delivery.call();
			if (result == null) {
				delivery.completed(null);
			}
			else {
				result.whenComplete((value, failure) -> delivery.completed(failure));
			}
		}
		catch (Throwable ex) {
			delivery.completed(ex);
			FatalErrors.throwIfFatal(ex);
		}
		finally {
			clearInterrupt();
		}
	}

	/** An interrupt that a listener left behind is not ours. */
	private void clearInterrupt() {
		if (Thread.interrupted() && this.control.isStopped()) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Messages in the listener's hands. Whatever the listener, the error handler or an
	 * observation throws, each is decided about and whoever waits is told.
	 */
	private final class Delivery {

		private final List<Message<byte[]>> messages;

		private final OnceAcknowledgement acknowledgement;

		private final @Nullable List<Message<byte[]>> handled;

		private final AtomicBoolean completed = new AtomicBoolean();

		private volatile Observation observation = Observation.NOOP;

		Delivery(List<Message<byte[]>> messages, @Nullable List<Message<byte[]>> handled) {
			this.messages = messages;
			this.acknowledgement = new OnceAcknowledgement(ListenerInvoker.this.consumer, messages);
			this.handled = handled;
		}

		@Nullable CompletionStage<?> call() throws Exception {
			ContainerSettings settings = ListenerInvoker.this.settings;
			Observation started = ListenerInvoker.this.observations
				.listener(settings.id(), settings.subscription(), this.messages)
				.start();
			this.observation = started;
			Observation.Scope scope = started.openScope();
			try {
				return settings.listener().onMessages(this.messages, this.acknowledgement);
			}
			finally {
				scope.close();
			}
		}

		/** Once: the first that is said about a delivery counts. */
		void completed(@Nullable Throwable failure) {
			if (!this.completed.compareAndSet(false, true)) {
				return;
			}
			try {
				if (failure != null) {
					failed(Causes.unwrap(failure));
				}
				else {
					succeeded();
				}
			}
			catch (WeirException ex) {
				logger.warn("Listener '{}' could not acknowledge; the messages will be delivered again: {}",
						ListenerInvoker.this.settings.id(), ex.getMessage());
			}
			catch (Throwable ex) {
				logger.error(
						"Listener '{}' could not acknowledge; the messages will be delivered again when it is stopped",
						ListenerInvoker.this.settings.id(), ex);
			}
			finally {
				end(failure);
			}
		}

		private void succeeded() {
			if (this.handled != null) {
				this.handled.addAll(this.messages);
			}
			else if (ListenerInvoker.this.settings.ackMode() != AckMode.MANUAL) {
				this.acknowledgement.acknowledge();
			}
		}

		private void failed(Throwable failure) {
			ListenerCounts counts = ListenerInvoker.this.counts;
			boolean undecided = this.acknowledgement.claim();
			BatchFailure outcome = BatchFailure.of(this.messages, failure, ListenerInvoker.this.settings.batch());
			for (BatchFailure.Failed failed : outcome.failed()) {
				Map<String, Integer> next = new LinkedHashMap<>();
				if (undecided) {
					failed.messages()
						.forEach((message) -> next.merge(
								apply(decide(message, failed.failure()), message, failed.failure()), 1, Integer::sum));
				}
				else {
					next.put("was decided about before", failed.messages().size());
				}
				counts.lastFailure = failed.failure();
				counts.failed.add(failed.messages().size());
				counts.failures.failed(ListenerInvoker.this.settings, failed.messages(), failed.failure(), next);
			}
			if (undecided) {
				handOverAgain(outcome.untouched());
				outcome.done().forEach(ListenerInvoker.this.consumer::acknowledge);
			}
		}

		private void end(@Nullable Throwable failure) {
			try {
				if (failure != null) {
					this.observation.error(failure);
				}
				this.observation.stop();
			}
			catch (Throwable ex) {
				logger.warn("An observation of listener '{}' failed", ListenerInvoker.this.settings.id(), ex);
			}
			finally {
				ListenerInvoker.this.free.release();
			}
		}

	}

	private void handOverAgain(List<Message<byte[]>> messages) {
		if (!messages.isEmpty()) {
			this.untouched.add(messages);
			this.wake.run();
		}
	}

	/** A failing JVM is not a question of the message. */
	private WeirErrorHandler.Decision decide(Message<byte[]> message, Throwable failure) {
		if (FatalErrors.isFatal(failure)) {
			return WeirErrorHandler.Decision.redeliver();
		}
		try {
			WeirErrorHandler.Decision decision = this.settings.errorHandler()
				.handle(this.settings.id(), message, failure);
			if (decision != null) {
				return decision;
			}
			this.counts.failures.errorHandlerFailed(this.settings, message, null);
		}
		catch (Throwable ex) {
			if (ex != failure) {
				ex.addSuppressed(failure);
			}
			this.counts.failures.errorHandlerFailed(this.settings, message, ex);
		}
		return WeirErrorHandler.Decision.redeliverAfter(REDELIVERY_DELAY);
	}

	/** Returns what becomes of the message. */
	private String apply(WeirErrorHandler.Decision decision, Message<byte[]> message, Throwable failure) {
		try {
			if (decision instanceof WeirErrorHandler.Redeliver redeliver) {
				Redelivery redelivery = redeliver(message, redeliver.delay(), failure);
				if (redelivery == null) {
					return "was decided about before";
				}
				String deadLetterTopic = redelivery.deadLetterTopic();
				if (deadLetterTopic != null) {
					this.settings.events()
						.publish(new WeirListenerEvent.DeadLettered(this.settings.id(), message, deadLetterTopic,
								failure));
				}
				return redelivery.toString();
			}
			this.consumer.acknowledge(message);
			return "is discarded";
		}
		catch (WeirException ex) {
			return "is delivered again, as the consumer has ended (" + ex.getMessage() + ")";
		}
	}

	private @Nullable Redelivery redeliver(Message<byte[]> message, @Nullable Duration delay, Throwable failure) {
		return (delay != null) ? this.consumer.negativeAcknowledge(message, delay)
				: this.consumer.negativeAcknowledge(message, Causes.text(failure));
	}

}
