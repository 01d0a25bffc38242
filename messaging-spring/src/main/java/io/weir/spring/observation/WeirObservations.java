package io.weir.spring.observation;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * Starts the observations of messages sent and received. Safe to use from any thread.
 */
public final class WeirObservations {

	/** Observes nothing. */
	public static final WeirObservations NOOP = new WeirObservations(ObservationRegistry.NOOP, null, null);

	private static final WeirSendObservationConvention SEND = new DefaultWeirSendObservationConvention();

	private static final WeirListenerObservationConvention LISTENER = new DefaultWeirListenerObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable WeirSendObservationConvention send;

	private final @Nullable WeirListenerObservationConvention listener;

	/**
	 * Creates the observations.
	 * @param registry where they are recorded
	 * @param send what names the sending, or {@code null} for the default
	 * @param listener what names the receiving, or {@code null} for the default
	 */
	public WeirObservations(ObservationRegistry registry, @Nullable WeirSendObservationConvention send,
			@Nullable WeirListenerObservationConvention listener) {
		this.registry = registry;
		this.send = send;
		this.listener = listener;
	}

	/**
	 * Observes a blocking send.
	 * @param topic where the message goes
	 * @param message the message, to which headers may be added
	 * @param call sends it
	 * @return the message's id
	 */
	public MessageId send(String topic, MessageBuilder<?> message, Supplier<MessageId> call) {
		if (this.registry.isNoop()) {
			return call.get();
		}
		WeirSendContext context = new WeirSendContext(topic, message);
		return sending(context).observe(() -> {
			MessageId id = call.get();
			context.stored(id);
			return id;
		});
	}

	/**
	 * Observes a send that does not block.
	 * @param topic where the message goes
	 * @param message the message, to which headers may be added
	 * @param call sends it
	 * @return the message's id, later; cancelling it cancels what the call returned
	 */
	public CompletableFuture<MessageId> sendAsync(String topic, MessageBuilder<?> message,
			Supplier<CompletableFuture<MessageId>> call) {
		if (this.registry.isNoop()) {
			return call.get();
		}
		WeirSendContext context = new WeirSendContext(topic, message);
		Observation observation = sending(context).start();
		return new ObservedSend(started(call, observation), (id, failure) -> {
			if (failure != null) {
				observation.error((failure instanceof CancellationException) ? failure : WeirException.from(failure));
			}
			else if (id != null) {
				context.stored(id);
			}
			observation.stop();
		});
	}

	private static CompletableFuture<MessageId> started(Supplier<CompletableFuture<MessageId>> call,
			Observation observation) {
		try {
			return call.get();
		}
		catch (RuntimeException ex) {
			observation.error(ex);
			observation.stop();
			throw ex;
		}
	}

	private Observation sending(WeirSendContext context) {
		return WeirObservation.SEND.observation(this.send, SEND, () -> context, this.registry);
	}

	/**
	 * Prepares the observation of what a listener is about to be given.
	 * @param listenerId who receives
	 * @param subscription what remembers the acknowledgements, if anything does
	 * @param messages one message, or a batch; not empty
	 * @return the observation, not started
	 */
	public Observation listener(String listenerId, @Nullable String subscription, List<? extends Message<?>> messages) {
		if (this.registry.isNoop()) {
			return Observation.NOOP;
		}
		return WeirObservation.LISTENER.observation(this.listener, LISTENER,
				() -> new WeirListenerContext(listenerId, messages.get(0).topic(), subscription, messages),
				this.registry);
	}

	/**
	 * The observation in whose scope the present thread is, for what goes on in another
	 * thread later.
	 * @return the observation; one that does nothing if there is none
	 */
	public Observation current() {
		Observation current = this.registry.getCurrentObservation();
		return (current != null) ? current : Observation.NOOP;
	}

}
