package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.WeirException;
import io.weir.concurrent.Causes;
import io.weir.message.Message;
import io.weir.spring.AckMode;
import io.weir.spring.observation.WeirObservations;

/**
 * Hands the messages of one source to the listener and does what follows: acknowledges,
 * or asks the error handler. Used by one thread; what a listener returned may complete on
 * any.
 */
final class ListenerInvoker {

	private static final Logger logger = LoggerFactory.getLogger(ListenerInvoker.class);

	private final ContainerSettings settings;

	private final MessageSource source;

	private final ListenerControl control;

	private final WeirObservations observations;

	private final TopicCounts counts;

	/** One permit for each delivery that may be under way. */
	private final Semaphore free;

	private final FailedMessages failedMessages;

	private final Undecided undecided;

	/** What failures have left, for the thread to hand over before anything else. */
	private final Queue<Handover> again = new ConcurrentLinkedQueue<>();

	/** {@code null} if the thread itself calls the listener. */
	private final @Nullable KeyLanes lanes;

	/** Has the thread look for what is to be done. */
	private final Runnable wake;

	/**
	 * Creates it.
	 * @param threads those that call a listener that works on several keys at once
	 * @param wake has the thread of the consumer look for what is to be done
	 */
	ListenerInvoker(ListenerTarget target, MessageSource source, ListenerControl control, WeirObservations observations,
			ThreadFactory threads, Runnable wake) {
		this.settings = target.settings();
		this.source = source;
		this.control = control;
		this.observations = observations;
		this.counts = target.counts().of(source.topic());
		this.failedMessages = new FailedMessages(target, source);
		this.undecided = new Undecided(this.counts);
		this.free = new Semaphore(this.settings.receiverQueueSize());
		this.wake = wake;
		this.lanes = (this.settings.keyConcurrency() == 1) ? null : new KeyLanes(this.settings.keyConcurrency(),
				this.settings.receiverQueueSize(), threads, control, this::call, wake);
	}

	/** Whether there is something to be handed over before anything is received. */
	boolean hasAgain() {
		return !this.again.isEmpty() || (this.lanes != null && this.lanes.failure() != null);
	}

	/**
	 * Hands over what failures have left.
	 * @return whether there was something
	 */
	boolean handOverAgain() throws InterruptedException {
		Error failure = (this.lanes != null) ? this.lanes.failure() : null;
		if (failure != null) {
			throw failure;
		}
		Handover next = this.again.poll();
		if (next != null) {
			handOver(next);
		}
		return next != null;
	}

	void handle(List<Message<byte[]>> messages) throws InterruptedException {
		if (this.settings.batch()) {
			for (List<Message<byte[]>> ofOneTopic : byTopic(messages)) {
				handOver(Handover.first(ofOneTopic, null));
			}
		}
		else if (this.settings.ackMode() == AckMode.BATCH) {
			handOverOneByOne(messages);
		}
		else {
			for (Message<byte[]> message : messages) {
				handOver(Handover.first(List.of(message), null));
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
	private void handOverOneByOne(List<Message<byte[]>> messages) throws InterruptedException {
		List<Message<byte[]>> handled = Collections.synchronizedList(new ArrayList<>());
		for (Message<byte[]> message : messages) {
			handOver(Handover.first(List.of(message), handled));
		}
		do {
			drain();
		}
		while (handOverAgain());
		handled.forEach(this.source::acknowledge);
	}

	/** Waits until nothing is under way. */
	void drain() throws InterruptedException {
		if (this.lanes != null) {
			this.lanes.drain();
		}
		int all = this.settings.receiverQueueSize();
		this.free.acquire(all);
		this.free.release(all);
	}

	/** What is to be retried in place comes first. Once stopped, nothing is. */
	private void handOver(Handover handover) throws InterruptedException {
		if (this.lanes != null) {
			this.lanes.add(handover);
			return;
		}
		if (!isTime(handover)) {
			return;
		}
		this.free.acquire();
		for (Handover first = this.again.poll(); first != null; first = this.again.poll()) {
			this.free.release();
			if (!isTime(first)) {
				return;
			}
			this.free.acquire();
			call(first);
			this.free.acquire();
		}
		call(handover);
	}

	/** The consumer ends. */
	void end() {
		this.undecided.end();
	}

	/** Waits until it is time; {@code false} means stop. */
	private boolean isTime(Handover handover) throws InterruptedException {
		if (handover.again()) {
			this.control.backOff(handover.remaining());
		}
		return handover.again() ? this.control.proceed() : !this.control.isStopped();
	}

	private void call(Handover handover) {
		if (handover.again()) {
			this.undecided.remove(handover.messages().size());
		}
		else {
			this.counts.received.add(handover.messages().size());
			this.counts.redelivered
				.add(handover.messages().stream().filter((each) -> each.redeliveryCount() > 0).count());
		}
		Delivery delivery = new Delivery(handover);
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

	private void ended(Handover handover, @Nullable Handover left) {
		if (left != null) {
			this.undecided.add(left.messages().size());
		}
		if (this.lanes != null) {
			this.lanes.ended(handover, left);
			return;
		}
		if (left != null) {
			this.again.add(left);
			this.wake.run();
		}
		this.free.release();
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

		private final Handover handover;

		private final List<Message<byte[]>> messages;

		private final OnceAcknowledgement acknowledgement;

		private final AtomicBoolean completed = new AtomicBoolean();

		/** What is to be handed over again. Written and read by who completes this. */
		private @Nullable Handover left;

		private volatile Observation observation = Observation.NOOP;

		Delivery(Handover handover) {
			this.handover = handover;
			this.messages = handover.messages();
			this.acknowledgement = new OnceAcknowledgement(ListenerInvoker.this.source, this.messages,
					ListenerInvoker.this.undecided);
		}

		@Nullable CompletionStage<?> call() throws Exception {
			ContainerSettings settings = ListenerInvoker.this.settings;
			Observation started = ListenerInvoker.this.observations
				.listener(settings.id(), settings.subscription(), this.messages)
				.start();
			this.observation = started;
			Observation.Scope scope = started.openScope();
			ListenerInvoker.this.counts.activeThreads.increment();
			try {
				return settings.listener().onMessages(this.messages, this.acknowledgement);
			}
			finally {
				ListenerInvoker.this.counts.activeThreads.decrement();
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
			ListenerInvoker.this.counts.processed.add(this.messages.size());
			List<Message<byte[]>> handled = this.handover.handled();
			if (handled != null) {
				if (this.acknowledgement.claim()) {
					handled.addAll(this.messages);
				}
			}
			else if (ListenerInvoker.this.settings.ackMode() != AckMode.MANUAL) {
				this.acknowledgement.acknowledge();
			}
		}

		private void failed(Throwable failure) {
			this.left = ListenerInvoker.this.failedMessages.failed(this.handover, failure,
					this.acknowledgement.claim());
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
				ended(this.handover, this.left);
			}
		}

	}

}
