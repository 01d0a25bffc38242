package io.weir.client.internal.consumer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PermitWindowTest {

	private static final int LARGEST = 1000;

	private PermitWindow window(int capacity, long budget) {
		PermitWindow window = new PermitWindow(capacity, budget, new TotalRoom(capacity, budget));
		window.open(LARGEST);
		return window;
	}

	@Test
	void nothingIsOwedBeforeItIsOpenAndAfterItIsShut() {
		PermitWindow window = new PermitWindow(10, 100_000, new TotalRoom(10, 100_000));
		assertThat(window.owed()).isZero();
		window.open(LARGEST);
		assertThat(window.owed()).isEqualTo(10);
		window.shut();
		assertThat(window.owed()).isZero();
	}

	@Test
	void firstMessagesMayBeTheLargestThereAre() {
		PermitWindow window = window(100, 5000);
		assertThat(window.owed()).isEqualTo(5);
	}

	@Test
	void smallMessagesOpenTheWindow() {
		PermitWindow window = window(100, 5000);
		for (int i = 0; i < 200; i++) {
			grant(window);
			receive(window, 1);
			window.leave(1);
		}
		window.reopen();
		assertThat(window.owed()).isEqualTo(100);
	}

	@Test
	void largeMessagesCloseItAtOnce() {
		PermitWindow window = window(100, 5000);
		for (int i = 0; i < 200; i++) {
			grant(window);
			receive(window, 1);
			window.leave(1);
		}
		receive(window, 1000);
		window.reopen();
		assertThat(window.owed()).isEqualTo(4);
	}

	@Test
	void nothingIsOwedWhileTheBudgetIsUsedUp() {
		PermitWindow window = window(100, 5000);
		grant(window);
		for (int i = 0; i < 5; i++) {
			receive(window, 1000);
		}
		assertThat(window.owed()).isZero();
		window.leave(1000);
		window.leave(1000);
		assertThat(window.owed()).isZero();
		window.leave(1000);
		assertThat(window.owed()).isEqualTo(3);
	}

	@Test
	void messageLargerThanTheBudgetComesAlone() {
		PermitWindow window = window(100, 10);
		for (int i = 0; i < 3; i++) {
			assertThat(window.owed()).isEqualTo(1);
			grant(window);
			assertThat(window.owed()).isZero();
			receive(window, 1000);
			assertThat(window.owed()).isZero();
			window.leave(1000);
		}
	}

	@Test
	void whatWasSentBeforeTheBrokerCountsAnewIsNotPaidFor() {
		PermitWindow window = window(4, 100_000);
		grant(window);
		window.reopen();
		for (int i = 0; i < 3; i++) {
			receive(window, 1);
		}
		assertThat(window.owed()).as("free places, less than half").isZero();
		for (int i = 0; i < 3; i++) {
			window.leave(1);
		}
		assertThat(window.owed()).isEqualTo(4);
	}

	@Test
	void realSizeIsFoundByHalves() {
		PermitWindow window = new PermitWindow(1000, 1 << 20, new TotalRoom(1000, 1 << 20));
		window.open(1 << 26);
		assertThat(window.owed()).isOne();
		int roundTrips = 0;
		while (window.owed() < 1000) {
			int granted = window.owed();
			window.granted(granted);
			for (int i = 0; i < granted; i++) {
				receive(window, 100);
				window.leave(100);
			}
			roundTrips++;
		}
		assertThat(roundTrips).isLessThan(12);
	}

	@Test
	void sizeThatWasFoundFallsSlowly() {
		PermitWindow window = window(100, 16_000);
		receive(window, 1000);
		window.leave(1000);
		receive(window, 1);
		window.leave(1);
		assertThat(window.owed()).isEqualTo(16_000 / 938);
	}

	private static void grant(PermitWindow window) {
		window.granted(window.owed());
	}

	private static void receive(PermitWindow window, int size) {
		window.used(1);
		window.enter(size);
	}

}
