package io.weir.client;

import java.io.PrintStream;
import java.nio.file.Path;

import io.weir.broker.Broker;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;

/**
 * The process that {@link ReplayKillTest} kills: a broker that replays all dead letters,
 * or goes on with it, and says how many it has replayed.
 */
final class ReplayUntilKilled {

	private ReplayUntilKilled() {
	}

	public static void main(String[] args) throws InterruptedException {
		PrintStream ledger = System.out;
		System.setOut(System.err); // what is logged is not for the ledger
		Broker broker = Broker.builder().port(0).dataDirectory(Path.of(args[0])).build().start();
		if (broker.replay("dead").isEmpty()) {
			broker.replay("dead", DeadLetterFilter.all(), false);
		}
		while (true) {
			Replay replay = broker.replay("dead").orElseThrow();
			ledger.println(replay.replayed() + " " + replay.state());
			ledger.flush();
			Thread.sleep(1);
		}
	}

}
