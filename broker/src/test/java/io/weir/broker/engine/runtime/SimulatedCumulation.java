package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Consumers that acknowledge a message and all before it, and do so again when the broker
 * has died.
 */
final class SimulatedCumulation {

	private final Simulation simulation;

	private final SimulatedAcknowledgements acknowledgements;

	private final SimulatedHoldings holdings;

	/** In this life of the broker. */
	private @Nullable MessageId last;

	/** To be acknowledged again, perhaps before anything was asked for. */
	private @Nullable MessageId again;

	SimulatedCumulation(Simulation simulation, SimulatedAcknowledgements acknowledgements, SimulatedHoldings holdings) {
		this.simulation = simulation;
		this.acknowledgements = acknowledgements;
		this.holdings = holdings;
	}

	/**
	 * All but what is to become a dead letter; which may have to be read first, after the
	 * broker has died.
	 */
	void acknowledge(SimulatedConsumer consumer, MessageId upTo) {
		List<MessageId> ids = this.acknowledgements.upTo(upTo)
			.stream()
			.filter((id) -> !this.holdings.redelivery().isGivenUp(id))
			.toList();
		List<MessageId> fresh = ids.stream().filter((id) -> !this.acknowledgements.isAsked(id)).toList();
		Map<MessageId, SimulatedConsumer> held = this.holdings.heldOf(ids);
		int asking = this.acknowledgements.incarnation();
		this.acknowledgements.ask(ids);
		this.holdings.acknowledged(consumer, ids);
		this.last = upTo;
		this.simulation.reached(Reached.CUMULATIVE_ACKNOWLEDGEMENT);
		this.simulation.send(new Command.AcknowledgeUpTo(this.simulation.ask(consumer.peer, (answer) -> {
			if (answer instanceof Effect.Refused refused && refused.code() == ErrorCode.SUBSCRIPTION_BUSY) {
				this.acknowledgements.takeBack(fresh);
				this.holdings.takeBack(held);
				this.again = upTo;
			}
			else {
				this.acknowledgements.answered(asking, ids, answer);
			}
		}), consumer.peer, upTo));
	}

	void acknowledgeAgain(SimulatedConsumer consumer) {
		MessageId upTo = this.again;
		if (upTo != null && this.simulation.random().nextInt(3) > 0) {
			this.again = null;
			acknowledge(consumer, upTo);
		}
	}

	/** Who acknowledged what is lost with the log had better not do so again. */
	Runnable checkpoint() {
		SimulatedArchive archive = this.simulation.topic().archive();
		int size = archive.size();
		return () -> {
			if (this.last != null && Position.of(this.last).entry() >= size) {
				forget();
			}
		};
	}

	void brokerDied() {
		this.again = this.last;
		this.last = null;
	}

	/** The subscription is moved or gone. */
	void forget() {
		this.again = null;
		this.last = null;
	}

}
