package io.weir.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.wire.BrokerLimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BrokerLimitsTest {

	@ParameterizedTest
	@EnumSource(BrokerLimit.class)
	void valueOutOfRangeMustBeRefusedWithWhatIsAllowed(BrokerLimit limit) {
		BrokerLimits limits = BrokerLimits.defaults();
		assertThat(limits.with(limit, limit.min()).value(limit)).isEqualTo(limit.min());
		assertThat(limits.with(limit, limit.max()).value(limit)).isEqualTo(limit.max());
		assertThatIllegalArgumentException().isThrownBy(() -> limits.with(limit, limit.min() - 1))
			.withMessageContainingAll(limit.key(), "from " + limit.min() + " to " + limit.max(),
					"was " + (limit.min() - 1));
	}

	@ParameterizedTest
	@EnumSource(BrokerLimit.class)
	void everyLimitMustHaveItsRowInTheDocument(BrokerLimit limit) throws IOException {
		assertThat(Files.readAllLines(Path.of("../docs/limits.md")))
			.filteredOn((line) -> line.startsWith("|") && line.contains("`weir.broker.limits." + limit.key() + "`"))
			.hasSize(1);
	}

	@Test
	void memoryForClientsMustBeAPartOfWhatTheProcessMayUse() {
		long memory = 128L * 1024 * 1024;
		BrokerLimits limits = BrokerLimits.defaults(memory);
		assertThat(limits.value(BrokerLimit.INCOMING_MEMORY) + limits.value(BrokerLimit.OUTGOING_MEMORY))
			.isLessThan(memory / 2);
	}

	@Test
	void whatIsUsedMustBeTold() {
		try (Broker broker = Broker.builder()
			.port(0)
			.limits(BrokerLimits.defaults().with(BrokerLimit.CONNECTIONS, 7))
			.build()) {
			assertThat(broker.stats().limits()).isEmpty();
			broker.start();
			assertThat(broker.stats().limits()).containsOnlyKeys(BrokerLimit.values())
				.containsEntry(BrokerLimit.CONNECTIONS, new LimitStats(7, 0, 0));
		}
	}

}
