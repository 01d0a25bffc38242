package io.weir.broker.store.rocksdb.faults;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.Mistake;
import io.weir.fixtures.faults.PlantedFault;

/** Mistakes that others have made, or that we could make, in a data directory. */
@SuppressWarnings("ImmutableEnumChecker") // changes are lambdas without state
enum StoreFault implements PlantedFault {

	// Subscriptions and producers

	CURSOR_KEYS_WITHOUT_TOPIC("Keys of cursors lack the topic, so that subscriptions of one name collide",
			"rocksdb.CursorRecords", "putCursor", StoreAdvice.WITHOUT_TOPIC_ID, StoreFault.CURSORS),

	CURSOR_NOT_RESTORED("The read position is not restored after a restart", "rocksdb.CursorRecords", "decode",
			Change.advised(StoreAdvice.ReturnsTheBeginning.class), StoreFault.CURSORS),

	HOLES_NOT_RESTORED("What was acknowledged out of order is not restored", "rocksdb.CursorRecords", "decodeEntry",
			Change.advised(StoreAdvice.ReturnsNoMessages.class), StoreFault.CURSORS),

	HOLES_CUT_OFF("What was acknowledged out of order is cut off when it grows large", "rocksdb.CursorRecords",
			"putEntries", Change.advised(StoreAdvice.TakesAThousand.class), StoreFault.CURSORS),

	COUNTS_NOT_STORED("How often a message was delivered in vain is not stored", "rocksdb.CursorRecords", "putCounts",
			Change.nothing(), StoreFault.CURSORS),

	MOVED_CURSOR_KEEPS_HOLES("A subscription that is moved keeps what it acknowledged before", "rocksdb.CursorRecords",
			"move", Change.withoutCalling("deleteRange"), StoreFault.CURSORS),

	DELETED_CURSOR_COMES_BACK("A subscription that was deleted is there again after a restart", "rocksdb.CursorRecords",
			"delete", Change.nothing(), StoreFault.CURSORS),

	PRODUCERS_NOT_RESTORED("After a restart what is sent again is stored again", "rocksdb.ProducerRecords", "load",
			Change.advised(StoreAdvice.ReturnsNoRecords.class), StoreFault.ENGINE),

	PRODUCERS_UNBOUNDED("What is remembered of a producer grows for ever", "rocksdb.ProducerRecords", "append",
			Change.withoutCalling("deleteRange"), StoreFault.DIRECTORY),

	EARLIER_OWNER_NOT_FENCED("Who has lost a topic to a newer owner still writes to it", "rocksdb.TopicState", "fence",
			Change.nothing(), StoreFault.OWNERSHIP),

	OLDER_OWNER_COMES_BACK("An owner that was replaced may come back", "rocksdb.TopicRecords$Stored", "ownerEpoch",
			Change.returning(-1L), StoreFault.OWNERSHIP),

	DELIVERED_STAYS_DELAYED("A delayed message that was delivered stays in the schedule", "rocksdb.ScheduleRecords",
			"remove", Change.nothing(), "rocksdb.RocksDbScheduleTest"),

	// Checksums, damage and torn tails

	CHECKSUM_NOT_VERIFIED("The checksum of messages is not verified when they are read", "Entry", "isIntact",
			Change.returning(true), "rocksdb.DamagedBatchTest", StoreFault.DAMAGE),

	HEADER_NOT_VERIFIED("The checksum of what is before the messages is not verified", "rocksdb.EntryCodec", "checksum",
			Change.advised(StoreAdvice.ReturnsWhatIsWritten.class), StoreFault.DAMAGE),

	TORN_TAIL_NOT_CUT("What a crash has left half written is not cut off", "rocksdb.LogFiles", "repair",
			Change.nothing(), StoreFault.LOGS),

	DAMAGE_ENDS_LOG("Damage in the middle of the log is taken for its end", "rocksdb.LogFiles", "isTorn",
			Change.returning(true), StoreFault.LOGS, StoreFault.FLIPPED),

	MISSING_LOG_UNNOTICED("Nobody notices that the newest file of the log is missing", "rocksdb.NewestLog", "noted",
			Change.advised(StoreAdvice.ReturnsNothing.class), "rocksdb.DatabaseTest"),

	HALF_NAME_TAKEN("The name of a topic that is half written is taken", "rocksdb.TopicNames", "checksum",
			Change.returning(0), StoreFault.NAMES),

	NAMES_NOT_SAVED("A topic is used before its name is on the disk", "rocksdb.OpenStore", "load",
			Change.withoutCalling("save"), StoreFault.LOGS, StoreFault.DIRECTORY),

	IDS_USED_AGAIN("A topic has the id of another one", "rocksdb.TopicNames", "newId", Change.returning(1L),
			StoreFault.ENGINE),

	DAMAGED_ENTRY_PASSED_OVER("A damaged entry is passed over without a word", "rocksdb.LogReader", "isGivenUp",
			Change.returning(true), StoreFault.DAMAGE),

	// The directory and the disk

	NEWER_FORMAT_TAKEN("Data of a newer format are read as if they were of this one", "rocksdb.TopicNames",
			"readHeader", Change.advised(StoreAdvice.ReturnsInsteadOfThrowing.class), StoreFault.DIRECTORY),

	RECEIPT_BEFORE_DISK("A receipt does not wait for the disk", "rocksdb.RocksTopicLog$Append", "sync",
			Change.returning(false), StoreFault.DIRECTORY),

	FAILED_SYNC_RETRIED("After a write has failed others follow in the same file", "rocksdb.Committer", "write",
			Change.advised(StoreAdvice.ForgetsTheFailure.class), StoreFault.RECOVERY, "rocksdb.CommitterTest"),

	NEVER_RECOVERS("A store whose writing failed stays so until it is restarted", "rocksdb.StoreSupervisor", "recover",
			Change.nothing(), StoreFault.RECOVERY),

	FULL_DISK_FILLED("The store writes until the disk is full", "rocksdb.StatusHolder", "refusal", Change.nothing(),
			StoreFault.RECOVERY),

	DELETED_DIRECTORY_UNNOTICED("Nobody notices that the directory was deleted", "rocksdb.Volume", "isReplaced",
			Change.returning(false), StoreFault.RECOVERY),

	ERROR_FREEZES_STORE("An error that is not the disk's freezes the store", "rocksdb.Committer$Queued", "refuse",
			Change.advised(StoreAdvice.Freezes.class), "rocksdb.CommitterTest", "rocksdb.ShortMemoryInStoreTest"),

	READ_BLOCKS_WRITER("Who asks for messages waits until the disk has read them", "rocksdb.Readers", "submit",
			Change.advised(StoreAdvice.ReadsAtOnce.class), "rocksdb.ReadersTest"),

	WRITE_UNDER_LOCK("A lock is held while the disk is written", "rocksdb.Committer", "commit",
			StoreAdvice.SYNCHRONIZED, "rocksdb.CommitterTest"),

	COMMITTED_ALONE("Each write has a commit of its own", "rocksdb.Committer", "collect", Change.withoutCalling("poll"),
			"rocksdb.CommitterTest"),

	SPACE_NOT_FREED("What was trimmed takes space for ever", "rocksdb.FreedSpace", "free", Change.returning(0L),
			"rocksdb.FreedSpaceTest"),

	REFUSED_ENTRY_LEAKS("An entry that could not be written is never released", "rocksdb.RocksTopicLog$Append",
			"failed", Change.withoutCalling("release"), StoreFault.RECOVERY, StoreFault.ENGINE);

	private static final String CURSORS = "rocksdb.RocksDbCursorStoreTest";

	private static final String ENGINE = "rocksdb.RocksDbStorageEngineContractTest";

	private static final String DIRECTORY = "rocksdb.RocksDbStorageEngineTest";

	private static final String OWNERSHIP = "rocksdb.RocksDbOwnershipTest";

	private static final String DAMAGE = "rocksdb.RocksDbDamageTest";

	private static final String FLIPPED = "rocksdb.FlippedByteTest";

	private static final String LOGS = "rocksdb.LogFilesTest";

	private static final String NAMES = "rocksdb.TopicNamesTest";

	private static final String RECOVERY = "rocksdb.StoreRecoveryTest";

	private final Mistake mistake;

	StoreFault(String description, String type, String method, Change change, String... tests) {
		this.mistake = Mistake.below("io.weir.broker.store", description, type, method, change, tests);
	}

	@Override
	public Mistake mistake() {
		return this.mistake;
	}

}
