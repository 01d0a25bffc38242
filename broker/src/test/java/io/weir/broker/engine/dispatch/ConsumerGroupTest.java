package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.context.TopicTime;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;

import static org.assertj.core.api.Assertions.assertThat;

class ConsumerGroupTest {

	private final TopicTime time = new TopicTime((effect) -> {
	});

	private final ConsumerGroup group = new ConsumerGroup(SubscriptionType.SHARED, this.time);

	private final SubscriptionConsumer first = TestConsumers.consumer(1, 10);

	private final SubscriptionConsumer second = TestConsumers.consumer(2, 10);

	private final SubscriptionConsumer third = TestConsumers.consumer(3, 10);

	@Test
	void consumersMustTakeTurnsInTheOrderInWhichTheyCame() {
		add(this.first, this.second, this.third);
		assertThat(turns(4)).containsExactly(this.first, this.second, this.third, this.first);
	}

	@Test
	void turnMustStayUntilSomethingWasGiven() {
		add(this.first, this.second);
		assertThat(this.group.next()).isSameAs(this.first);
		assertThat(this.group.next()).isSameAs(this.first);
	}

	@Test
	void consumerThatMayHaveNothingMustBePassedOver() {
		add(this.first, this.second, this.third);
		this.first.delivered(10, 0);
		assertThat(turns(3)).containsExactly(this.second, this.third, this.second);
		this.second.delivered(10, 0);
		this.third.delivered(10, 0);
		assertThat(this.group.next()).isNull();
		assertThat(this.group.isAnyAvailable()).isFalse();
		this.third.grant(1);
		assertThat(this.group.isAnyAvailable()).isTrue();
		assertThat(this.group.next()).isSameAs(this.third);
	}

	@Test
	void nobodyMustLoseTheirTurnWhenSomebodyGoes() {
		add(this.first, this.second, this.third);
		assertThat(turns(2)).containsExactly(this.first, this.second);
		assertThat(this.group.remove(this.first.peer())).isSameAs(this.first);
		assertThat(turns(3)).containsExactly(this.third, this.second, this.third);
	}

	@Test
	void turnMustGoToWhoeverFollowsTheOneThatGoes() {
		add(this.first, this.second, this.third);
		assertThat(turns(1)).containsExactly(this.first);
		this.group.remove(this.second.peer());
		assertThat(turns(2)).containsExactly(this.third, this.first);
	}

	@Test
	void whoeverIsNotThereMustNotBeRemoved() {
		add(this.first);
		assertThat(this.group.remove(this.second.peer())).isNull();
		assertThat(this.group.all()).containsExactly(this.first);
		assertThat(this.group.remove(this.first.peer())).isSameAs(this.first);
		assertThat(this.group.isEmpty()).isTrue();
		assertThat(this.group.next()).isNull();
	}

	@Test
	void onlyTheFirstMustGetSomethingWhenTheOthersWait() {
		ConsumerGroup failover = new ConsumerGroup(SubscriptionType.FAILOVER, this.time);
		failover.add(this.first);
		failover.add(this.second);
		assertThat(failover.next()).isSameAs(this.first);
		failover.advance();
		assertThat(failover.next()).isSameAs(this.first);
		this.first.delivered(10, 0);
		assertThat(failover.next()).isNull();
		failover.remove(this.first.peer());
		assertThat(failover.next()).isSameAs(this.second);
	}

	@Test
	void consumerMustBeFoundByItsPeerAndByItsInstance() {
		add(this.first, this.second);
		assertThat(this.group.find(this.second.peer())).isSameAs(this.second);
		assertThat(this.group.find(new Peer(2, 2))).isNull();
		assertThat(this.group.find(this.second.instance().next())).isSameAs(this.second);
		assertThat(this.group.find(ConsumerInstance.once())).isNull();
	}

	@Test
	void othersMustBeSeen() {
		assertThat(this.group.hasOthersThan(null)).isFalse();
		add(this.first);
		assertThat(this.group.hasOthersThan(this.first.peer())).isFalse();
		assertThat(this.group.hasOthersThan(null)).isTrue();
		assertThat(this.group.hasOthersThan(this.second.peer())).isTrue();
	}

	private void add(SubscriptionConsumer... consumers) {
		List.of(consumers).forEach(this.group::add);
	}

	/** Who gets the next messages, one each. */
	private List<SubscriptionConsumer> turns(int messages) {
		List<SubscriptionConsumer> turns = new ArrayList<>();
		for (int i = 0; i < messages; i++) {
			turns.add(this.group.next());
			this.group.advance();
		}
		return turns;
	}

}
