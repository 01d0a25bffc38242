package io.weir.broker.engine.publish;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.publish.ProducerRegistry.NamedProducer;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

/** How many producers a topic may have, and how many of their names it remembers. */
final class ProducerRoom {

	private final Budgets budgets;

	/** What is stored cannot be refused. */
	ProducerRoom(Budgets budgets, int stored) {
		this.budgets = budgets;
		budgets.of(BrokerLimit.PRODUCER_NAMES).take(stored);
	}

	/**
	 * Makes room for one more producer.
	 * @param open how many there are
	 * @param known how many names are remembered
	 * @param named what is known under its name
	 * @return why there is none, or {@code null}
	 */
	@Nullable String refusal(int open, int known, @Nullable NamedProducer named) {
		// Who is there takes the place of itself.
		String refusal = (named != null && named.isConnected()) ? null : refusal(open);
		return (refusal == null && named == null) ? takeName(known) : refusal;
	}

	private @Nullable String refusal(int open) {
		Budget limit = this.budgets.of(BrokerLimit.PRODUCERS_PER_TOPIC);
		if (open < limit.limit()) {
			return null;
		}
		limit.countRefusal();
		return "The topic has " + open + " producers and may not have more until one is closed; the limit is "
				+ BrokerLimit.PRODUCERS_PER_TOPIC.property();
	}

	private @Nullable String takeName(int known) {
		Budget names = this.budgets.of(BrokerLimit.PRODUCER_NAMES_PER_TOPIC);
		Budget allNames = this.budgets.of(BrokerLimit.PRODUCER_NAMES);
		if (known >= names.limit()) {
			names.countRefusal();
			return "The topic remembers " + known
					+ " names of producers and may not have more until one is forgotten; the limit is "
					+ BrokerLimit.PRODUCER_NAMES_PER_TOPIC.property();
		}
		if (!allNames.tryTake(1)) {
			return "The broker remembers " + allNames.limit()
					+ " names of producers and may not have more until one is forgotten; the limit is "
					+ BrokerLimit.PRODUCER_NAMES.property();
		}
		return null;
	}

	/** Names are forgotten, here or for good. */
	void giveBack(int names) {
		this.budgets.of(BrokerLimit.PRODUCER_NAMES).giveBack(names);
	}

}
