// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Tree heads of append-only logs, kept on a chain that the logs' operators do not run alone
/// @notice The latest head (tree size and RFC 9162 root) of each log is in storage, all heads are in events.
/// Nobody, the administrator of a log included, can change or remove a head once it is anchored. The contract has no
/// owner, no proxy, no fallback and holds no money.
/// @dev A log is named by sha256(abi.encode("zheng/log/v1", chain id, this contract, creator, vkeyHash)), so its id
/// commits to its genesis verification key and nobody can take another's id.
interface IEvidenceAnchor {
    /// @notice A log was registered; `logId` commits to chain, contract, creator and verification key.
    /// @param vkeyHash SHA-256 of the log's genesis vkey line (C2SP signed-note), UTF-8, no line end.
    /// @param origin The log's origin line, for readers; nothing is decided by it.
    event LogRegistered(
        bytes32 indexed logId, address indexed creator, bytes32 indexed vkeyHash, string origin, bool proofRequired
    );

    /// @notice A tree head was anchored.
    /// @param note SHA-256 of the signed note's bytes: body, empty line, the log key's own signature line.
    /// @param prevTreeSize The tree size anchored before, 0 for the first.
    event TreeHeadAnchored(
        bytes32 indexed logId,
        uint64 indexed treeSize,
        address indexed publisher,
        bytes32 rootHash,
        bytes32 note,
        uint64 prevTreeSize
    );

    event PublisherSet(bytes32 indexed logId, address indexed publisher, bool allowed);
    event AdminTransferStarted(bytes32 indexed logId, address indexed admin, address indexed pendingAdmin);
    event AdminTransferred(bytes32 indexed logId, address indexed previousAdmin, address indexed admin);
    event PausedSet(bytes32 indexed logId, bool paused);

    /// @notice The log ended here.
    /// @param successor The id of the log that goes on, here or in another contract; zero when there is none.
    event LogClosed(bytes32 indexed logId, bytes32 indexed successor, uint64 treeSize, bytes32 rootHash);

    /// @notice This creator registered this verification key before.
    error LogExists(bytes32 logId);
    error UnknownLog(bytes32 logId);
    /// @notice The log was closed for good.
    error LogIsClosed(bytes32 logId);
    error LogIsPaused(bytes32 logId);
    error NotAdmin(bytes32 logId, address account);
    error NotPendingAdmin(bytes32 logId, address account);
    error NotPublisher(bytes32 logId, address account);
    /// @notice An argument that can never be right: an empty or over-long origin, a zero hash or address.
    error InvalidArgument();
    /// @notice This very head is the latest one: the call was a replay, and nothing needs to be done.
    error AlreadyAnchored(bytes32 logId, uint64 treeSize);
    /// @notice Another root is anchored for this size: two heads of one size are proof of a forked log.
    error ConflictingRoot(bytes32 logId, uint64 treeSize, bytes32 anchoredRoot, bytes32 givenRoot);
    /// @notice The latest head is larger than the one given.
    error Rollback(bytes32 logId, uint64 anchoredSize, uint64 givenSize);
    /// @notice The caller built on a head that is not the latest: somebody else was faster.
    error StaleTreeHead(bytes32 logId, uint64 anchoredSize, uint64 givenPrevSize);
    /// @notice The tree is too large, or grew by more than one call may add (`MAX_GROWTH`).
    error TreeTooLarge(bytes32 logId, uint64 anchoredSize, uint64 givenSize);
    /// @notice This log demands that each head is shown to extend the one before.
    error ConsistencyProofRequired(bytes32 logId);
    error InvalidConsistencyProof(bytes32 logId, uint64 prevTreeSize, uint64 treeSize);

    /// @notice Register a log; the caller becomes its creator and its first administrator, not a publisher.
    /// @param origin 1 to 255 bytes.
    /// @param vkeyHash SHA-256 of the genesis vkey line.
    /// @param proofRequired Whether each later head needs a consistency proof. It cannot be changed: true is the
    /// right choice unless the chain makes proofs unaffordable.
    function registerLog(string calldata origin, bytes32 vkeyHash, bool proofRequired)
        external
        returns (bytes32 logId);

    /// @notice Anchor a tree head that extends the latest one.
    /// @param prevTreeSize The size of the latest anchored head as the caller knows it (compare and set), 0 before
    /// the first.
    /// @param treeSize More than the latest, below 2^63, and at most `MAX_GROWTH` more unless it is the first.
    /// @param consistencyProof RFC 9162 section 2.1.4 from the latest head; empty for the first head.
    function anchor(
        bytes32 logId,
        uint64 prevTreeSize,
        uint64 treeSize,
        bytes32 rootHash,
        bytes32 note,
        bytes32[] calldata consistencyProof
    ) external;

    /// @notice Allow or forbid an account to anchor heads of this log. Administrator only.
    function setPublisher(bytes32 logId, address publisher, bool allowed) external;

    /// @notice Stop or resume the log. Administrator only.
    function setPaused(bytes32 logId, bool paused) external;

    /// @notice End the log for ever; its last head stays readable. Administrator only.
    function closeLog(bytes32 logId, bytes32 successor) external;

    /// @notice Offer administration of the log to `newAdmin`; zero withdraws the offer. Administrator only.
    function transferAdmin(bytes32 logId, address newAdmin) external;

    /// @notice Accept the administration that was offered to the caller.
    function acceptAdmin(bytes32 logId) external;

    /// @notice The latest anchored head; (0, 0) before the first. Reverts for an unknown log.
    function head(bytes32 logId) external view returns (uint64 treeSize, bytes32 rootHash);

    /// @notice The log's administrator and state. Reverts for an unknown log.
    function status(bytes32 logId)
        external
        view
        returns (address admin, address pendingAdmin, bool proofRequired, bool paused, bool closed);

    function isPublisher(bytes32 logId, address account) external view returns (bool);

    /// @notice The id that `creator` gets for this verification key on this chain and contract.
    function logIdOf(address creator, bytes32 vkeyHash) external view returns (bytes32);

    /// @notice Whether a leaf hash is in the tree of a head that the caller took from `head` or from an event.
    function verifyInclusion(
        bytes32 leafHash,
        uint64 leafIndex,
        uint64 treeSize,
        bytes32 rootHash,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice Whether one head extends another, both taken by the caller from `head` or from events.
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice The most leaves one call may add to a log that has a head: 2^32.
    function MAX_GROWTH() external view returns (uint64);
}
