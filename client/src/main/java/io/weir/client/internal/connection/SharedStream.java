package io.weir.client.internal.connection;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.pool.Lease;
import io.weir.transport.RequestStream;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * A stream that was leased for one producer or consumer, or for several. What comes on it
 * unasked goes to the one that it names. Who uses it is counted by {@link SharedStreams}.
 */
final class SharedStream {

	/** Completes when it was borrowed, or exceptionally. */
	final CompletableFuture<Lease<RequestStream>> lease = new CompletableFuture<>();

	/** Whether it is for those who want none of their own. */
	final boolean common;

	/** By their numbers in the session. */
	private final Map<Long, Receiver> receivers = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable ProtocolException> ended = new AtomicReference<>();

	// Guarded by the streams that it belongs to.

	int users;

	boolean sound = true;

	SharedStream(boolean common) {
		this.common = common;
	}

	/**
	 * It was borrowed.
	 * @throws IllegalStateException if it has ended with its connection
	 */
	void attach(Lease<RequestStream> lease, Runnable atEnd) {
		RequestStream stream = lease.resource();
		lease.hold();
		stream.onPush(this::pushed);
		stream.onEnd((cause) -> {
			this.ended.set(cause);
			atEnd.run();
			this.receivers.values().forEach((receiver) -> receiver.end(cause));
		});
	}

	void add(long id, Consumer<Frame> pushes, Consumer<ProtocolException> end) {
		Receiver receiver = new Receiver(pushes, new AtomicReference<>(end));
		this.receivers.put(id, receiver);
		ProtocolException cause = this.ended.get();
		if (cause != null) {
			receiver.end(cause);
		}
	}

	void remove(long id) {
		this.receivers.remove(id);
	}

	private void pushed(Frame frame) {
		if (frame instanceof Frame.Partitions) {
			// It names a topic, of which there may be several producers and consumers.
			this.receivers.values().forEach((each) -> each.pushes().accept(frame));
			return;
		}
		Receiver receiver = this.receivers.get(receiver(frame));
		if (receiver != null) {
			receiver.pushes().accept(frame);
		}
		else {
			frame.release();
		}
	}

	private static long receiver(Frame frame) {
		if (frame instanceof Frame.Deliver delivery) {
			return delivery.consumerId();
		}
		if (frame instanceof Frame.ConsumerClosed notice) {
			return notice.consumerId();
		}
		if (frame instanceof Frame.MessagesTrimmed notice) {
			return notice.consumerId();
		}
		return (frame instanceof Frame.ProducerClosed notice) ? notice.producerId() : -1;
	}

	/** Nobody uses it any more. */
	void end(boolean reusable) {
		Lease<RequestStream> lease = this.lease.join();
		if (!reusable) {
			lease.invalidate();
			return;
		}
		try {
			lease.resource().detach();
		}
		catch (IllegalStateException ex) {
			// It ended with its connection.
		}
		lease.close();
	}

	private record Receiver(Consumer<Frame> pushes, AtomicReference<@Nullable Consumer<ProtocolException>> end) {

		/** Told once. */
		void end(ProtocolException cause) {
			Consumer<ProtocolException> told = this.end.getAndSet(null);
			if (told != null) {
				told.accept(cause);
			}
		}

	}

}
