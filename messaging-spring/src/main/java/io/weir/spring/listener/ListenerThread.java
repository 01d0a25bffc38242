package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.spring.observation.WeirObservations;
import io.weir.time.Backoff;
import io.weir.wire.ErrorCode;

/**
 * Subscribes, and again with a growing delay when that fails; then receives and hands
 * over until told to stop. Ends early only if the JVM fails, or by an answer of the
 * broker that would stay the same; either is kept for health to show.
 */
final class ListenerThread implements Runnable {

	/** What a thread is doing. */
	enum Activity {

		SUBSCRIBING, CONSUMING, STOPPED, FAILED

	}

	private static final Logger logger = LoggerFactory.getLogger(ListenerThread.class);

	private final ContainerSettings settings;

	private final String topic;

	private final Supplier<CompletableFuture<MessageSource>> subscriber;

	private final ListenerControl control;

	private final WeirObservations observations;

	private final ListenerTarget target;

	private final ListenerSiblings siblings;

	private final ThreadFactory lanes;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	/** Completes when nobody has to wait for the thread any more. */
	private final CompletableFuture<Void> settled = this.done.copy();

	// Written by the thread, read by those who stop and look.
	private volatile Activity activity = Activity.SUBSCRIBING;

	private volatile @Nullable Throwable failure;

	private volatile @Nullable Thread thread;

	/** Threads that call the listener beside this one. */
	private final Set<Thread> callers = ConcurrentHashMap.newKeySet();

	private volatile @Nullable MessageSource source;

	private volatile @Nullable Future<?> waiting;

	private volatile CompletableFuture<Void> left = CompletableFuture.completedFuture(null);

	private final Backoff backoff = Backoff.random(Duration.ofMillis(100), Duration.ofSeconds(10));

	ListenerThread(ContainerSettings settings, String topic, Supplier<CompletableFuture<MessageSource>> subscriber,
			ListenerControl control, WeirObservations observations, ListenerTarget target, ListenerSiblings siblings,
			ThreadFactory lanes) {
		this.settings = settings;
		this.topic = topic;
		this.subscriber = subscriber;
		this.control = control;
		this.observations = observations;
		this.target = target;
		this.siblings = siblings;
		this.lanes = lanes;
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		try {
			AfterListener.begin(this.settings.shutdownTimeout());
			while (!this.control.isStopped()) {
				session();
			}
			this.activity = Activity.STOPPED;
		}
		catch (Throwable ex) {
			ended(ex);
		}
		finally {
			AfterListener.end();
			this.thread = null;
			this.done.complete(null);
		}
	}

	private void calling(Runnable work) {
		this.callers.add(Thread.currentThread());
		try {
			AfterListener.begin(this.settings.shutdownTimeout());
			work.run();
		}
		finally {
			AfterListener.end();
			this.callers.remove(Thread.currentThread());
		}
	}

	/** There is no thread for it: the process has as many as it may, say. */
	void couldNotStart(Throwable ex) {
		ended(ex);
		this.done.complete(null);
	}

	private void ended(Throwable ex) {
		if (this.control.isStopped()) {
			this.activity = Activity.STOPPED;
			return;
		}
		this.failure = ex;
		this.activity = Activity.FAILED;
		this.settings.events().publish(new WeirListenerEvent.Failed(this.settings.id(), this.topic, ex));
		logger.error("A thread of listener '{}' on topic '{}' has ended; it must be stopped and started again",
				this.settings.id(), this.topic, ex);
	}

	/** From a subscription to its end. */
	private void session() throws InterruptedException {
		this.activity = Activity.SUBSCRIBING;
		try {
			MessageSource subscribed = subscribe();
			if (subscribed != null) {
				consumeAndClose(subscribed);
			}
		}
		catch (WeirException ex) {
			recover(ex);
		}
	}

	private void consumeAndClose(MessageSource subscribed) throws InterruptedException {
		try {
			subscribed(subscribed);
			consume(subscribed);
		}
		finally {
			this.source = null;
			if (this.control.isStopped()) {
				this.left = subscribed.closeAsync();
			}
			else {
				subscribed.close();
			}
		}
	}

	private @Nullable MessageSource subscribe() throws InterruptedException {
		CompletableFuture<MessageSource> attempt = this.subscriber.get();
		MessageSource subscribed = null;
		try {
			subscribed = await(attempt, this.control::isStopped);
		}
		finally {
			if (subscribed == null && !attempt.cancel(false)) {
				attempt.thenAccept(MessageSource::closeAsync);
			}
		}
		return subscribed;
	}

	private void subscribed(MessageSource source) {
		this.source = source;
		if (this.failure != null) {
			logger.info("Listener '{}' is subscribed to topic '{}' now", this.settings.id(), this.topic);
		}
		this.failure = null;
		this.backoff.reset();
		if (this.control.isPaused()) {
			source.pause();
		}
		this.activity = Activity.CONSUMING;
		this.settings.events().publish(new WeirListenerEvent.Subscribed(this.settings.id(), this.topic));
	}

	private void consume(MessageSource source) throws InterruptedException {
		Deliveries deliveries = new Deliveries(this.target, this.siblings, source,
				(each) -> new ListenerInvoker(each, source, this.control, this.observations,
						(work) -> this.lanes.newThread(() -> calling(work)), this::wake));
		try {
			while (this.control.proceed()) {
				if (!deliveries.handOverAgain()) {
					List<Message<byte[]>> messages = next(source,
							() -> this.control.isStopped() || deliveries.hasAgain());
					if (!messages.isEmpty() && this.control.proceed()) {
						deliveries.handle(messages);
					}
				}
				if (!this.control.isStopped()) {
					AfterListener.returned();
				}
			}
		}
		catch (Error ex) {
			// Seen at once, though what is under way may keep the thread for long.
			this.failure = ex;
			this.activity = Activity.FAILED;
			throw ex;
		}
		finally {
			try {
				deliveries.drain();
			}
			finally {
				deliveries.end();
			}
		}
	}

	/** One message or a group of them; none when there is something else to do. */
	private List<Message<byte[]>> next(MessageSource source, BooleanSupplier somethingElse)
			throws InterruptedException {
		Message<byte[]> message = source.receive();
		if (message == null) {
			message = await(source.receiveAsync(), somethingElse);
		}
		if (message == null) {
			return List.of();
		}
		if (!this.settings.grouped()) {
			return List.of(message);
		}
		List<Message<byte[]>> group = new ArrayList<>();
		while (message != null) {
			group.add(message);
			message = (group.size() < this.settings.receiverQueueSize()) ? source.receive() : null;
		}
		return group;
	}

	private <T> @Nullable T await(CompletableFuture<T> future, BooleanSupplier somethingElse)
			throws InterruptedException {
		this.waiting = future;
		if (somethingElse.getAsBoolean()) {
			future.cancel(false);
		}
		try {
			return get(future);
		}
		catch (CancellationException ex) {
			return null;
		}
		catch (ExecutionException ex) {
			throw WeirException.from(ex);
		}
		finally {
			this.waiting = null;
		}
	}

	/** Waits, and now and then tells that it does so. */
	private <T> @Nullable T get(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
		Duration interval = this.settings.idleEventInterval();
		if (interval == null || this.activity != Activity.CONSUMING) {
			return future.get();
		}
		for (Duration idle = interval;; idle = idle.plus(interval)) {
			try {
				return future.get(interval.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				if (!this.control.isPaused()) {
					this.settings.events().publish(new WeirListenerEvent.Idle(this.settings.id(), this.topic, idle));
				}
			}
		}
	}

	private void recover(WeirException ex) throws InterruptedException {
		if (this.control.isStopped()) {
			return;
		}
		// The client goes on trying to connect whatever the reason.
		if (!ex.retryable() && ex.code().severity() != ErrorCode.Severity.CONNECTION) {
			throw ex;
		}
		if (this.failure == null) {
			logger.warn("Listener '{}' cannot subscribe to topic '{}' and goes on trying: {}", this.settings.id(),
					this.topic, ex.getMessage());
		}
		boolean news = this.failure == null;
		this.failure = ex;
		this.activity = Activity.SUBSCRIBING;
		if (news) {
			this.settings.events().publish(new WeirListenerEvent.ConsumerLost(this.settings.id(), this.topic, ex));
		}
		this.control.backOff(this.backoff.next());
	}

	/** Ends a wait for a message, when there is something else to do or to be stopped. */
	void wake() {
		Future<?> future = this.waiting;
		if (future != null) {
			future.cancel(false);
		}
	}

	/** Ends a wait for the listener to finish. */
	void abandon() {
		Thread running = this.thread;
		if (running != null) {
			running.interrupt();
		}
		this.callers.forEach(Thread::interrupt);
		MessageSource abandoned = this.source;
		if (abandoned != null) {
			this.left = abandoned.closeAsync();
		}
	}

	/**
	 * Completes when the consumer that was left when the thread was stopped is closed.
	 */
	CompletableFuture<Void> closed() {
		return this.left;
	}

	String topic() {
		return this.topic;
	}

	/** Where its messages come from, while there is one. */
	@Nullable MessageSource source() {
		return this.source;
	}

	/**
	 * A thread that ends the application waits for those who stop it, and not they for
	 * it.
	 */
	void leaveIfItEndsTheApplication() {
		Thread running = this.thread;
		boolean ends = (running != null && ThreadsThatEnd.contains(running))
				|| this.callers.stream().anyMatch(ThreadsThatEnd::contains);
		if (ends && !this.settled.isDone()) {
			logger.info(
					"A listener method of '{}' is ending the application; its messages are acknowledged if it returns",
					this.settings.id());
			this.settled.complete(null);
		}
	}

	boolean isCurrent() {
		return this.thread == Thread.currentThread() || this.callers.contains(Thread.currentThread());
	}

	/** Completes when the thread has ended, or nobody is to wait for it. */
	CompletableFuture<Void> settled() {
		return this.settled;
	}

	Activity activity() {
		return this.activity;
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

}
