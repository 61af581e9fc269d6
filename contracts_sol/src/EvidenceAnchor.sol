// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RFC9162} from "./RFC9162.sol";
import {IEvidenceAnchor} from "./interfaces/IEvidenceAnchor.sol";

/// @title The anchoring contract; every promise stands in IEvidenceAnchor
/// @dev Two storage slots per log for ever. No call leaves this contract but to the SHA-256 precompile.
contract EvidenceAnchor is IEvidenceAnchor {
    struct Log {
        bytes32 rootHash;
        // One slot: 20 + 8 + 1 + 1 + 1 bytes. A log exists when its administrator is not zero.
        address admin;
        uint64 treeSize;
        bool proofRequired;
        bool paused;
        bool closed;
    }

    /// @inheritdoc IEvidenceAnchor
    /// @dev A stolen publisher key can push a false head (never one that the log key signed: `note` shows that). With
    /// this bound it cannot make the log unusable in one call by a head of astronomical size, and the true log
    /// never reaches it: 2^32 leaves an hour are a million a second. The first head is free, so that a log which
    /// moves here brings its whole past.
    uint64 public constant MAX_GROWTH = 1 << 32;

    mapping(bytes32 logId => Log) private _logs;
    mapping(bytes32 logId => address) private _pendingAdmins;
    mapping(bytes32 logId => mapping(address account => bool)) private _publishers;

    /// @inheritdoc IEvidenceAnchor
    function registerLog(string calldata origin, bytes32 vkeyHash, bool proofRequired)
        external
        returns (bytes32 logId)
    {
        if (bytes(origin).length == 0 || bytes(origin).length > 255 || vkeyHash == 0) revert InvalidArgument();
        logId = logIdOf(msg.sender, vkeyHash);
        Log storage log = _logs[logId];
        if (log.admin != address(0)) revert LogExists(logId);
        log.admin = msg.sender;
        log.proofRequired = proofRequired;
        emit LogRegistered(logId, msg.sender, vkeyHash, origin, proofRequired);
    }

    /// @inheritdoc IEvidenceAnchor
    function anchor(
        bytes32 logId,
        uint64 prevTreeSize,
        uint64 treeSize,
        bytes32 rootHash,
        bytes32 note,
        bytes32[] calldata consistencyProof
    ) external {
        Log storage log = _logs[logId];
        _mustBeOpen(logId, log);
        if (log.paused) revert LogIsPaused(logId);
        if (!_publishers[logId][msg.sender]) revert NotPublisher(logId, msg.sender);

        uint64 anchored = log.treeSize;
        bytes32 anchoredRoot = log.rootHash;
        if (treeSize <= anchored && anchored != 0) {
            if (treeSize < anchored) revert Rollback(logId, anchored, treeSize);
            if (rootHash != anchoredRoot) revert ConflictingRoot(logId, treeSize, anchoredRoot, rootHash);
            revert AlreadyAnchored(logId, treeSize);
        }
        if (prevTreeSize != anchored) revert StaleTreeHead(logId, anchored, prevTreeSize);
        if (treeSize == 0 || rootHash == 0 || note == 0) revert InvalidArgument();
        if (treeSize >= 1 << 63 || (anchored != 0 && treeSize - anchored > MAX_GROWTH)) {
            revert TreeTooLarge(logId, anchored, treeSize);
        }

        if (anchored == 0) {
            // Every tree extends the empty one, and there is nothing that a proof could say.
            if (consistencyProof.length != 0) revert InvalidConsistencyProof(logId, 0, treeSize);
        } else if (consistencyProof.length != 0) {
            if (!RFC9162.consistencyHolds(anchored, anchoredRoot, treeSize, rootHash, consistencyProof)) {
                revert InvalidConsistencyProof(logId, anchored, treeSize);
            }
        } else if (log.proofRequired) {
            revert ConsistencyProofRequired(logId);
        }

        log.treeSize = treeSize;
        log.rootHash = rootHash;
        emit TreeHeadAnchored(logId, treeSize, msg.sender, rootHash, note, anchored);
    }

    /// @inheritdoc IEvidenceAnchor
    function setPublisher(bytes32 logId, address publisher, bool allowed) external {
        _mustBeAdmin(logId);
        if (publisher == address(0)) revert InvalidArgument();
        _publishers[logId][publisher] = allowed;
        emit PublisherSet(logId, publisher, allowed);
    }

    /// @inheritdoc IEvidenceAnchor
    function setPaused(bytes32 logId, bool paused) external {
        _mustBeAdmin(logId).paused = paused;
        emit PausedSet(logId, paused);
    }

    /// @inheritdoc IEvidenceAnchor
    function closeLog(bytes32 logId, bytes32 successor) external {
        Log storage log = _mustBeAdmin(logId);
        log.closed = true;
        emit LogClosed(logId, successor, log.treeSize, log.rootHash);
    }

    /// @inheritdoc IEvidenceAnchor
    function transferAdmin(bytes32 logId, address newAdmin) external {
        _mustBeAdmin(logId);
        _pendingAdmins[logId] = newAdmin;
        emit AdminTransferStarted(logId, msg.sender, newAdmin);
    }

    /// @inheritdoc IEvidenceAnchor
    function acceptAdmin(bytes32 logId) external {
        Log storage log = _logs[logId];
        _mustBeOpen(logId, log);
        if (_pendingAdmins[logId] != msg.sender) revert NotPendingAdmin(logId, msg.sender);
        delete _pendingAdmins[logId];
        emit AdminTransferred(logId, log.admin, msg.sender);
        log.admin = msg.sender;
    }

    /// @inheritdoc IEvidenceAnchor
    function head(bytes32 logId) external view returns (uint64 treeSize, bytes32 rootHash) {
        Log storage log = _logs[logId];
        if (log.admin == address(0)) revert UnknownLog(logId);
        return (log.treeSize, log.rootHash);
    }

    /// @inheritdoc IEvidenceAnchor
    function status(bytes32 logId)
        external
        view
        returns (address admin, address pendingAdmin, bool proofRequired, bool paused, bool closed)
    {
        Log storage log = _logs[logId];
        if (log.admin == address(0)) revert UnknownLog(logId);
        return (log.admin, _pendingAdmins[logId], log.proofRequired, log.paused, log.closed);
    }

    /// @inheritdoc IEvidenceAnchor
    function isPublisher(bytes32 logId, address account) external view returns (bool) {
        return _publishers[logId][account];
    }

    /// @inheritdoc IEvidenceAnchor
    function logIdOf(address creator, bytes32 vkeyHash) public view returns (bytes32) {
        return sha256(abi.encode("zheng/log/v1", block.chainid, address(this), creator, vkeyHash));
    }

    /// @inheritdoc IEvidenceAnchor
    function verifyInclusion(
        bytes32 leafHash,
        uint64 leafIndex,
        uint64 treeSize,
        bytes32 rootHash,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return RFC9162.inclusionHolds(leafHash, leafIndex, treeSize, rootHash, proof);
    }

    /// @inheritdoc IEvidenceAnchor
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return RFC9162.consistencyHolds(oldSize, oldRoot, newSize, newRoot, proof);
    }

    /// @dev The log exists and is not closed.
    function _mustBeOpen(bytes32 logId, Log storage log) private view {
        if (log.admin == address(0)) revert UnknownLog(logId);
        if (log.closed) revert LogIsClosed(logId);
    }

    /// @dev The log is open and the caller is its administrator.
    function _mustBeAdmin(bytes32 logId) private view returns (Log storage log) {
        log = _logs[logId];
        _mustBeOpen(logId, log);
        if (log.admin != msg.sender) revert NotAdmin(logId, msg.sender);
    }
}
