package io.weir.broker.engine.dispatch;

import java.util.function.BooleanSupplier;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.wire.ConsumerInstance;

/** A consumer that is connected to a subscription: what it may still be sent. */
public final class SubscriptionConsumer {

	/**
	 * Bytes that may wait for the network before a consumer gets nothing more, however
	 * many permits it has.
	 */
	static final int MAX_UNWRITTEN_BYTES = 1024 * 1024;

	private static final int UNLIMITED = Integer.MAX_VALUE;

	private final Peer peer;

	private final String name;

	private final ConsumerInstance instance;

	private final BooleanSupplier room;

	/** How many messages it may have at a time. */
	private int window = UNLIMITED;

	/** When it may have twice as many. */
	private long nextStep = Long.MAX_VALUE;

	private int permits;

	private long unwrittenBytes;

	private int inFlight;

	private SubscriptionConsumer(Peer peer, String name, ConsumerInstance instance, BooleanSupplier room) {
		this.peer = peer;
		this.name = name;
		this.instance = instance;
		this.room = room;
	}

	/** The consumer that somebody becomes. */
	public static SubscriptionConsumer of(Command.Subscribe command) {
		return new SubscriptionConsumer(command.consumer(), command.consumerName(), command.instance(), command.room());
	}

	public Peer peer() {
		return this.peer;
	}

	public ConsumerInstance instance() {
		return this.instance;
	}

	public boolean isAvailable() {
		return permits() > 0 && this.unwrittenBytes < MAX_UNWRITTEN_BYTES && this.room.getAsBoolean();
	}

	/** How many messages it may still be given. */
	public int permits() {
		return (this.window == UNLIMITED) ? this.permits
				: Math.min(this.permits, Math.max(0, this.window - this.inFlight));
	}

	/**
	 * It may have so many at a time.
	 * @param nextStep when it may have twice as many
	 */
	void limit(int window, long nextStep) {
		this.window = window;
		this.nextStep = nextStep;
	}

	void unlimit() {
		limit(UNLIMITED, Long.MAX_VALUE);
	}

	/** It may have more at a time, if not any number. */
	void widen(int more) {
		this.window = (int) Math.min(UNLIMITED, (long) this.window + more);
	}

	/** It lives, and may have more; says whether it may. */
	boolean livedUntil(long now, long patience) {
		if (now < nextStep()) {
			return false;
		}
		limit(this.window, now + patience);
		widen(this.window);
		return true;
	}

	long nextStep() {
		return (this.window == UNLIMITED) ? Long.MAX_VALUE : this.nextStep;
	}

	int inFlight() {
		return this.inFlight;
	}

	/** Adds to the permits; they never overflow. */
	public void grant(int more) {
		this.permits = (int) Math.min(Integer.MAX_VALUE, (long) this.permits + more);
	}

	/** What it was granted and given before counts no more. */
	public void reset() {
		this.permits = 0;
		this.inFlight = 0;
	}

	/** Messages go out, no more than there are permits. */
	public void delivered(int messages, int bytes) {
		this.permits -= messages;
		this.inFlight += messages;
		this.unwrittenBytes += bytes;
	}

	public void written(int bytes) {
		this.unwrittenBytes -= bytes;
	}

	/** Messages came back, or were acknowledged. */
	void settled(int messages) {
		this.inFlight -= messages;
	}

	public TopicSnapshot.Consumer snapshot() {
		return new TopicSnapshot.Consumer(this.name, this.permits, this.inFlight);
	}

}
