package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Lets messages in while there is room, counted in messages and in bytes; the others wait
 * in a line and are let in in its order, so that no message overtakes an earlier one. A
 * message that is larger than all the room is let in when nothing else is. Any thread may
 * use it; no foreign code runs under its lock.
 */
final class SendQueue {

	private final ReentrantLock lock = new ReentrantLock();

	/** Let in, and not yet taken by the producer's executor. */
	private final Queue<OutgoingMessage> admitted = new ConcurrentLinkedQueue<>();

	/** Those for which there is no room yet. */
	@GuardedBy("lock")
	private final ArrayDeque<OutgoingMessage> line = new ArrayDeque<>();

	@GuardedBy("lock")
	private int maxMessages;

	@GuardedBy("lock")
	private long maxBytes;

	@GuardedBy("lock")
	private int messages;

	@GuardedBy("lock")
	private long bytes;

	@GuardedBy("lock")
	private boolean bounded = true;

	SendQueue(int maxMessages, long maxBytes) {
		this.maxMessages = maxMessages;
		this.maxBytes = maxBytes;
	}

	/** There is room for so much from now on; who was let in before stays. */
	void limit(int maxMessages, long maxBytes) {
		this.lock.lock();
		try {
			this.maxMessages = maxMessages;
			this.maxBytes = maxBytes;
			admitWaiting();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets a message in, or not.
	 * @param message the message
	 * @param wait whether it joins the line if there is no room
	 * @return whether it was let in, or stands in the line
	 */
	boolean enter(OutgoingMessage message, boolean wait) {
		this.lock.lock();
		try {
			if (this.line.isEmpty() && fits(message.size())) {
				admit(message);
				return true;
			}
			return wait && this.line.add(message);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether a message of so many bytes would be let in now. */
	boolean hasRoomFor(int size) {
		this.lock.lock();
		try {
			return this.line.isEmpty() && fits(size);
		}
		finally {
			this.lock.unlock();
		}
	}

	@GuardedBy("lock")
	private boolean fits(int size) {
		return !this.bounded || this.messages == 0
				|| (this.messages < this.maxMessages && this.bytes + size <= this.maxBytes);
	}

	@GuardedBy("lock")
	private void admit(OutgoingMessage message) {
		this.messages++;
		this.bytes += message.size();
		this.admitted.add(message);
	}

	@GuardedBy("lock")
	private void admitWaiting() {
		OutgoingMessage next = this.line.peek();
		while (next != null && fits(next.size())) {
			admit(this.line.remove());
			next = this.line.peek();
		}
	}

	/** A message that was let in is done with: others may come in its place. */
	void release(OutgoingMessage message) {
		this.lock.lock();
		try {
			this.messages--;
			this.bytes -= message.size();
			admitWaiting();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes a message out of the line.
	 * @return whether it stood there
	 */
	boolean leave(OutgoingMessage message) {
		this.lock.lock();
		try {
			boolean stood = this.line.remove(message);
			// The next one may be smaller.
			admitWaiting();
			return stood;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The next message that was let in, in order. */
	@Nullable OutgoingMessage poll() {
		return this.admitted.poll();
	}

	/** The message that has stood in the line for longest. */
	@Nullable OutgoingMessage firstInLine() {
		this.lock.lock();
		try {
			return this.line.peek();
		}
		finally {
			this.lock.unlock();
		}
	}

	void forEachInLine(Consumer<OutgoingMessage> action) {
		this.lock.lock();
		try {
			this.line.forEach(action);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** From now on there is room for all: the producer has ended and fails them. */
	void letAllIn() {
		this.lock.lock();
		try {
			this.bounded = false;
			admitWaiting();
		}
		finally {
			this.lock.unlock();
		}
	}

	ProtocolException full() {
		return new ProtocolException(ErrorCode.QUEUE_FULL, "The queue is full: " + bounds());
	}

	ProtocolException noRoomWithin(Duration timeout, String trouble) {
		return new ProtocolException(ErrorCode.TIMEOUT,
				"No room in the queue within " + timeout.toMillis() + " ms: " + bounds() + trouble);
	}

	private String bounds() {
		this.lock.lock();
		try {
			return this.maxMessages + " messages or " + this.maxBytes + " bytes wait for their receipt";
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How many messages were let in and not released, or stand in the line. */
	int pending() {
		this.lock.lock();
		try {
			return this.messages + this.line.size();
		}
		finally {
			this.lock.unlock();
		}
	}

}
