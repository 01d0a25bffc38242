package io.weir.spring.autoconfigure.common;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PropertyNamesTests {

	@Test
	void passesIfThereIsNoMetadata() {
		ClassLoader empty = new ClassLoader(null) {
		};
		assertThat(PropertyNames.load(empty).isEmpty()).isTrue();
	}

}
