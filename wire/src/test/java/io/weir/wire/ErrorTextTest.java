package io.weir.wire;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorTextTest {

	@Test
	void whatIsSaidOfAMessageIsCutOffAfterAThousandCharacters() {
		String longest = "x".repeat(1_000);
		assertThat(ErrorText.cut(longest)).isEqualTo(longest);
		assertThat(ErrorText.cut(longest + "y")).isEqualTo(longest);
	}

	@Test
	void noPairOfSurrogatesIsCutInHalf() {
		assertThat(ErrorText.cut("ab\uD83D\uDE00", 3)).isEqualTo("ab");
		assertThat(ErrorText.cut("a\uD83D\uDE00b", 3)).isEqualTo("a\uD83D\uDE00");
	}

}
