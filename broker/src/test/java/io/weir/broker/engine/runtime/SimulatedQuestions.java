package io.weir.broker.engine.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;

/** What the clients of a simulation have asked, and have no answer to. */
final class SimulatedQuestions {

	private final Map<Long, Consumer<Effect.Answer>> open = new HashMap<>();

	private long last;

	/** An address to which one answer may come. */
	ReplyTo ask(Peer peer, Consumer<Effect.Answer> onAnswer) {
		long request = ++this.last;
		this.open.put(request, onAnswer);
		return new ReplyTo(peer.session(), request);
	}

	void answered(Effect.Answer answer) {
		Consumer<Effect.Answer> question = this.open.remove(answer.to().ticket());
		if (question != null) {
			question.accept(answer);
		}
	}

	/** The broker has died: there will be no answer. */
	void forget() {
		this.open.clear();
	}

	void checkAnswered() {
		Simulation.require(this.open.isEmpty(), "Questions %s were not answered", this.open.keySet());
	}

}
