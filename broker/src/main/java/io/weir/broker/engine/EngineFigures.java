package io.weir.broker.engine;

import java.util.concurrent.atomic.LongAdder;

/**
 * Figures of all topics together, kept while things happen: reading them asks no topic.
 * Safe to use from any thread.
 */
public final class EngineFigures {

	private final LongAdder messagesIn = new LongAdder();

	private final LongAdder bytesIn = new LongAdder();

	private final LongAdder messagesOut = new LongAdder();

	private final LongAdder bytesOut = new LongAdder();

	private final LongAdder backlog = new LongAdder();

	private final LongAdder expired = new LongAdder();

	private final LongAdder size = new LongAdder();

	private final LongAdder quotaRefusals = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	private final LongAdder trimmed = new LongAdder();

	private final LongAdder redelivered = new LongAdder();

	private final LongAdder delayed = new LongAdder();

	private final LongAdder parkedKeys = new LongAdder();

	private final LongAdder deadLetters = new LongAdder();

	private final LongAdder deadLettersWaiting = new LongAdder();

	private final LongAdder replayed = new LongAdder();

	private final LongAdder compacted = new LongAdder();

	public EngineFigures() {
	}

	public void stored(int messages, int bytes) {
		this.messagesIn.add(messages);
		this.bytesIn.add(bytes);
	}

	public void delivered(int messages, int bytes) {
		this.messagesOut.add(messages);
		this.bytesOut.add(bytes);
	}

	/** Messages were not delivered because they had expired. */
	public void expired(long messages) {
		this.expired.add(messages);
	}

	/** The backlog of a durable subscription has grown, or shrunk. */
	public void backlog(long more) {
		this.backlog.add(more);
	}

	/** The log of a topic has grown, or shrunk. */
	public void size(long more) {
		this.size.add(more);
	}

	/** A batch was refused since the backlog of its topic is too large. */
	public void quotaRefused() {
		this.quotaRefusals.increment();
	}

	/** Messages were given up that somebody had not acknowledged. */
	public void dropped(long messages) {
		this.dropped.add(messages);
	}

	/** Messages were trimmed that a durable subscription was never given. */
	public void trimmed(long messages) {
		this.trimmed.add(messages);
	}

	/** Messages were delivered that had been delivered before. */
	public void redelivered(int messages) {
		this.redelivered.add(messages);
	}

	/** There are more messages that wait until they are due, or fewer. */
	public void delayed(long more) {
		this.delayed.add(more);
	}

	/** There are more keys that are held back, or fewer. */
	public void parkedKeys(int more) {
		this.parkedKeys.add(more);
	}

	/** A message has become a dead letter. */
	public void deadLetter() {
		this.deadLetters.increment();
	}

	/** There are more messages that are to become dead letters, or fewer. */
	public void deadLettersWaiting(int more) {
		this.deadLettersWaiting.add(more);
	}

	/**
	 * Messages delivered that had been delivered before to the same subscription.
	 * @return how many since the engine was started
	 */
	public long redelivered() {
		return this.redelivered.sum();
	}

	/**
	 * Messages that their senders have delayed, and that are not due, of topics that are
	 * open.
	 * @return how many
	 */
	public long delayed() {
		return this.delayed.sum();
	}

	/**
	 * Keys of which no message is delivered until one that was given back is delivered
	 * again, summed over all subscriptions.
	 * @return how many
	 */
	public long parkedKeys() {
		return this.parkedKeys.sum();
	}

	/**
	 * Messages that have become dead letters.
	 * @return how many since the engine was started
	 */
	public long deadLetters() {
		return this.deadLetters.sum();
	}

	/**
	 * Messages that are given up, and not stored as dead letters yet.
	 * @return how many
	 */
	public long deadLettersWaiting() {
		return this.deadLettersWaiting.sum();
	}

	/** A dead letter was published to where it came from again. */
	public void replayed() {
		this.replayed.increment();
	}

	/**
	 * Dead letters published to where they came from again.
	 * @return how many since the engine was started
	 */
	public long replays() {
		return this.replayed.sum();
	}

	/** Messages were taken out of a log since later ones have their keys. */
	public void compacted(long messages) {
		this.compacted.add(messages);
	}

	/**
	 * Messages taken out of logs since later ones have their keys.
	 * @return how many since the engine was started
	 */
	public long compacted() {
		return this.compacted.sum();
	}

	/**
	 * Bytes of the logs of topics that are open.
	 * @return how many
	 */
	public long size() {
		return this.size.sum();
	}

	/**
	 * Batches refused since the backlog of their topic was too large.
	 * @return how many since the engine was started
	 */
	public long quotaRefusals() {
		return this.quotaRefusals.sum();
	}

	/**
	 * Messages given up that somebody had not acknowledged, since the backlog of their
	 * topic was too large.
	 * @return how many since the engine was started
	 */
	public long dropped() {
		return this.dropped.sum();
	}

	/**
	 * Messages trimmed that durable subscriptions were never given, summed over these.
	 * @return how many since the engine was started
	 */
	public long trimmed() {
		return this.trimmed.sum();
	}

	/**
	 * Messages stored.
	 * @return how many since the engine was started
	 */
	public long messagesIn() {
		return this.messagesIn.sum();
	}

	/**
	 * Bytes of the messages stored.
	 * @return how many since the engine was started
	 */
	public long bytesIn() {
		return this.bytesIn.sum();
	}

	/**
	 * Messages delivered, repeated deliveries included.
	 * @return how many since the engine was started
	 */
	public long messagesOut() {
		return this.messagesOut.sum();
	}

	/**
	 * Bytes of the messages delivered.
	 * @return how many since the engine was started
	 */
	public long bytesOut() {
		return this.bytesOut.sum();
	}

	/**
	 * Messages that were not delivered to a subscription because they had expired, summed
	 * over all subscriptions.
	 * @return how many since the engine was started
	 */
	public long expired() {
		return this.expired.sum();
	}

	/**
	 * Messages that durable subscriptions have not acknowledged.
	 * @return how many
	 */
	public long backlog() {
		return this.backlog.sum();
	}

}
