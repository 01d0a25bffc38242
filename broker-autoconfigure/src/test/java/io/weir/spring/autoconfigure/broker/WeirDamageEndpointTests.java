package io.weir.spring.autoconfigure.broker;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.broker.Broker;
import io.weir.broker.store.Damage;
import io.weir.message.Topic;
import io.weir.spring.autoconfigure.broker.WeirDamageEndpoint.DamageDescription;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WeirDamageEndpointTests {

	private final ScriptedBroker broker = new ScriptedBroker();

	private final WeirDamageEndpoint endpoint = new WeirDamageEndpoint(this.broker);

	WeirDamageEndpointTests() {
		this.broker.damages = List.of(damage(7), damage(8), damage(12));
	}

	private static Damage damage(long entry) {
		return new Damage(new Topic("a/orders"), new Position(0, entry), "Entry 0:" + entry + " is damaged");
	}

	@Test
	void endpointIsThereIfItIsExposed() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirBrokerActuatorAutoConfiguration.class))
			.withBean(Broker.class, () -> this.broker);
		runner.run((context) -> assertThat(context).doesNotHaveBean(WeirDamageEndpoint.class));
		runner.withPropertyValues("management.endpoints.web.exposure.include=weirdamage")
			.run((context) -> assertThat(context).hasSingleBean(WeirDamageEndpoint.class));
	}

	@Test
	void damagesAreShownWithTopicAndPosition() {
		assertThat(this.endpoint.damages().damages()).hasSize(3)
			.startsWith(new DamageDescription("a/orders", "0:7", "Entry 0:7 is damaged"));
	}

	@Test
	void oneEntryOrThoseOfARunAreSkipped() {
		assertThat(this.endpoint.skip("a/orders", "0:7", null).skipped()).containsExactly("0:7");
		assertThat(this.endpoint.skip("a/orders", "0:8", "0:20").skipped()).containsExactly("0:8", "0:12");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			7     | 0:9 | 'skip' must be the position of an entry, such as 0:17, and not '7'
			0:7   | x:9 | 'upTo' must be the position of an entry, such as 0:17, and not 'x:9'
			0:7:0 | 0:9 | 'skip' must be the position of an entry, such as 0:17, and not '0:7:0'
			0:9   | 0:7 | A run of entries cannot begin at 0:9 and end at 0:7
			""", quoteCharacter = '"')
	void whatIsNoPositionIsRefused(String skip, String upTo, String reason) {
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> this.endpoint.skip("a/orders", skip, upTo))
			.withMessage(reason);
	}

	@Test
	void whoIsRefusedByTheBrokerIsToldWhy() {
		this.broker.skipFailure = new ProtocolException(ErrorCode.STORAGE_UNAVAILABLE, "The store is away");
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> this.endpoint.skip("a/orders", "0:7", null))
			.withMessage("The store is away");
	}

}
