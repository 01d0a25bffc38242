package io.weir.spring.autoconfigure.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.MapBindingResult;

import io.weir.setting.Require;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PropertySinkTests {

	private final MapBindingResult errors = new MapBindingResult(Map.of(), "weir");

	private final PropertySink sink = PropertySink.checking(this.errors).at("client");

	private final List<Object> taken = new ArrayList<>();

	private List<String> told() {
		return this.errors.getFieldErrors().stream().map(PropertySinkTests::told).toList();
	}

	private static String told(FieldError error) {
		return error.getField() + " " + error.getDefaultMessage();
	}

	@Test
	void valuesThatAreSetAreHandedOver() {
		this.sink.set("connections", 2, this.taken::add);
		this.sink.set("name", null, this.taken::add);
		this.sink.setBytes("size", DataSize.ofKilobytes(1), this.taken::add);
		assertThat(this.taken).containsExactly(2, 1024);
		assertThat(told()).isEmpty();
	}

	@Test
	void eachRefusalIsToldByKeyInTheBuildersWords() {
		this.sink.set("connections", 0, (value) -> Require.atLeast("connections", 1, value));
		this.sink.at("ssl").set("fingerprint", "abc", (value) -> {
			throw new IllegalStateException("Not a fingerprint: " + value);
		});
		assertThat(told()).containsExactly("client.connections must be at least 1",
				"client.ssl.fingerprint Not a fingerprint: abc");
	}

	@Test
	void settingsThatAreCheckedTogetherAreToldByTheirKeys() {
		Integer made = this.sink.at("pool").make(() -> Require.upTo("minSize", "maxSize", 1, 2), "maxSize");
		assertThat(made).isNull();
		assertThat(told()).containsExactly("client.pool.min-size must be from 0 to weir.client.pool.max-size (1)");
	}

	@Test
	void sizeThatDoesNotFitIsRefused() {
		this.sink.setBytes("size", DataSize.ofGigabytes(3), this.taken::add);
		assertThat(this.taken).isEmpty();
		assertThat(told()).containsExactly("client.size must be at most 2047MB");
	}

	@Test
	void whatIsRefusedAfterTheChecksIsThrown() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PropertySink.checked().set("lanes", 0, (value) -> Require.atLeast("lanes", 1, value)))
			.withMessage("lanes must be at least 1, was 0");
	}

}
