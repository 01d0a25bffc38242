package io.weir.spring.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class QuicPreinitializerTests {

	@Test
	void bootFindsItAndItDoesNotFail() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(BackgroundPreinitializer.class))
			.filteredOn(QuicPreinitializer.class::isInstance)
			.singleElement()
			.satisfies((found) -> assertThatCode(found::preinitialize).doesNotThrowAnyException());
	}

}
