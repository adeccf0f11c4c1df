//! A Merkle Patricia trie over the nodes of a witness: a node is decoded when a path first passes it, and hashed again only
//! when it has changed.
use alloy_primitives::{B256, Bytes, keccak256, map::B256Map};
use alloy_rlp::Decodable;
use alloy_trie::{
    EMPTY_ROOT_HASH, Nibbles, TrieMask,
    nodes::{BranchNodeRef, ExtensionNodeRef, LeafNodeRef, RlpNode, TrieNode},
};

type Id = u32;
const EMPTY: Id = 0;

enum Node {
    Empty,
    Hash(B256),
    Leaf(Nibbles, Vec<u8>),
    Extension(Nibbles, Id),
    Branch(Box<[Id; 16]>),
}

pub type Nodes = B256Map<Bytes>;

pub struct Trie {
    nodes: Vec<(Node, Option<RlpNode>)>,
    root: Id,
    buffer: Vec<u8>,
}

impl Trie {
    pub fn new(root: B256) -> Self {
        let mut trie = Self {
            nodes: vec![(Node::Empty, None)],
            root: EMPTY,
            buffer: Vec::new(),
        };
        if root != EMPTY_ROOT_HASH {
            trie.root = trie.add(Node::Hash(root), Some(RlpNode::word_rlp(&root)));
        }
        trie
    }

    fn add(&mut self, node: Node, rlp: Option<RlpNode>) -> Id {
        self.nodes.push((node, rlp));
        (self.nodes.len() - 1) as Id
    }

    fn set(&mut self, id: Id, node: Node) {
        self.nodes[id as usize] = (node, None);
    }

    fn open(&mut self, id: Id, witness: &Nodes) {
        let Node::Hash(hash) = self.nodes[id as usize].0 else {
            return;
        };
        let bytes = witness
            .get(&hash)
            .unwrap_or_else(|| panic!("the witness lacks node {hash}"));
        let node = TrieNode::decode(&mut &bytes[..]).expect("a node of the witness");
        let node = self.adopt(node);
        self.nodes[id as usize].0 = node;
    }

    fn child(&mut self, rlp: RlpNode) -> Id {
        if let Some(hash) = rlp.as_hash() {
            return self.add(Node::Hash(hash), Some(rlp));
        }
        let node = TrieNode::decode(&mut &rlp[..]).expect("an embedded node");
        let node = self.adopt(node);
        self.add(node, Some(rlp))
    }

    fn adopt(&mut self, node: TrieNode) -> Node {
        match node {
            TrieNode::EmptyRoot => Node::Empty,
            TrieNode::Leaf(leaf) => Node::Leaf(leaf.key, leaf.value),
            TrieNode::Extension(extension) => {
                Node::Extension(extension.key, self.child(extension.child))
            }
            TrieNode::Branch(branch) => {
                let mut children = Box::new([EMPTY; 16]);
                let mut stack = branch.stack.into_iter();
                for (index, child) in children.iter_mut().enumerate() {
                    if branch.state_mask.is_bit_set(index as u8) {
                        *child = self.child(stack.next().expect("a child"));
                    }
                }
                Node::Branch(children)
            }
        }
    }

    pub fn get(&mut self, key: B256, witness: &Nodes) -> Option<&[u8]> {
        let path = Nibbles::unpack(key);
        let (mut id, mut depth) = (self.root, 0);
        loop {
            self.open(id, witness);
            match &self.nodes[id as usize].0 {
                Node::Leaf(key, _) => {
                    if path.slice(depth..) != *key {
                        return None;
                    }
                    break;
                }
                Node::Extension(key, child) => {
                    if !path.slice(depth..).starts_with(key) {
                        return None;
                    }
                    depth += key.len();
                    id = *child;
                }
                Node::Branch(children) => {
                    id = children[path.get_unchecked(depth) as usize];
                    depth += 1;
                }
                _ => return None,
            }
        }
        match &self.nodes[id as usize].0 {
            Node::Leaf(_, value) => Some(value),
            _ => None,
        }
    }

    pub fn insert(&mut self, key: B256, value: Vec<u8>, witness: &Nodes) {
        self.root = self.put(self.root, Nibbles::unpack(key), value, witness);
    }

    fn put(&mut self, id: Id, path: Nibbles, value: Vec<u8>, witness: &Nodes) -> Id {
        if id == EMPTY {
            return self.add(Node::Leaf(path, value), None);
        }
        self.open(id, witness);
        match std::mem::replace(&mut self.nodes[id as usize].0, Node::Empty) {
            Node::Leaf(key, old) => {
                let common = path.common_prefix_length(&key);
                if common == key.len() {
                    self.set(id, Node::Leaf(key, value));
                    return id;
                }
                let mut children = Box::new([EMPTY; 16]);
                children[key.get_unchecked(common) as usize] =
                    self.add(Node::Leaf(key.slice(common + 1..), old), None);
                children[path.get_unchecked(common) as usize] =
                    self.add(Node::Leaf(path.slice(common + 1..), value), None);
                self.fork(id, path.slice(..common), children)
            }
            Node::Extension(key, child) => {
                let common = path.common_prefix_length(&key);
                if common == key.len() {
                    let child = self.put(child, path.slice(common..), value, witness);
                    self.set(id, Node::Extension(key, child));
                    return id;
                }
                let mut children = Box::new([EMPTY; 16]);
                let rest = key.slice(common + 1..);
                let below = if rest.is_empty() {
                    child
                } else {
                    self.add(Node::Extension(rest, child), None)
                };
                children[key.get_unchecked(common) as usize] = below;
                children[path.get_unchecked(common) as usize] =
                    self.add(Node::Leaf(path.slice(common + 1..), value), None);
                self.fork(id, path.slice(..common), children)
            }
            Node::Branch(mut children) => {
                let nibble = path.get_unchecked(0) as usize;
                children[nibble] = self.put(children[nibble], path.slice(1..), value, witness);
                self.set(id, Node::Branch(children));
                id
            }
            Node::Empty | Node::Hash(_) => unreachable!("opened"),
        }
    }

    fn fork(&mut self, id: Id, prefix: Nibbles, children: Box<[Id; 16]>) -> Id {
        if prefix.is_empty() {
            self.set(id, Node::Branch(children));
            return id;
        }
        let branch = self.add(Node::Branch(children), None);
        self.set(id, Node::Extension(prefix, branch));
        id
    }

    pub fn remove(&mut self, key: B256, witness: &Nodes) {
        self.root = self.take(self.root, Nibbles::unpack(key), witness);
    }

    fn take(&mut self, id: Id, path: Nibbles, witness: &Nodes) -> Id {
        if id == EMPTY {
            return EMPTY;
        }
        self.open(id, witness);
        match &self.nodes[id as usize].0 {
            Node::Leaf(key, _) => {
                if *key == path {
                    EMPTY
                } else {
                    id
                }
            }
            Node::Extension(key, child) => {
                let (key, child) = (*key, *child);
                if !path.starts_with(&key) {
                    return id;
                }
                let child = self.take(child, path.slice(key.len()..), witness);
                self.prefixed(id, key, child, witness)
            }
            Node::Branch(children) => {
                let nibble = path.get_unchecked(0) as usize;
                let before = children[nibble];
                let after = self.take(before, path.slice(1..), witness);
                let Node::Branch(children) = &mut self.nodes[id as usize].0 else {
                    unreachable!()
                };
                children[nibble] = after;
                let mut left = children
                    .iter()
                    .enumerate()
                    .filter(|(_, child)| **child != EMPTY);
                let (first, second) = (left.next(), left.next());
                if second.is_some() {
                    self.nodes[id as usize].1 = None;
                    return id;
                }
                let Some((index, &child)) = first else {
                    return EMPTY;
                };
                self.prefixed(id, Nibbles::from_nibbles([index as u8]), child, witness)
            }
            Node::Empty | Node::Hash(_) => unreachable!("opened"),
        }
    }

    /// What stands before `child`, in the place of `id`.
    fn prefixed(&mut self, id: Id, prefix: Nibbles, child: Id, witness: &Nodes) -> Id {
        if child == EMPTY {
            return EMPTY;
        }
        self.open(child, witness);
        let joined = |key: &Nibbles| {
            let mut all = prefix;
            all.extend(key);
            all
        };
        let node = match &self.nodes[child as usize].0 {
            Node::Leaf(key, value) => Node::Leaf(joined(key), value.clone()),
            Node::Extension(key, below) => Node::Extension(joined(key), *below),
            _ => Node::Extension(prefix, child),
        };
        self.set(id, node);
        id
    }

    pub fn root(&mut self) -> B256 {
        if self.root == EMPTY {
            return EMPTY_ROOT_HASH;
        }
        let rlp = self.rlp(self.root);
        rlp.as_hash().unwrap_or_else(|| keccak256(&rlp[..]))
    }

    fn rlp(&mut self, id: Id) -> RlpNode {
        if let Some(rlp) = &self.nodes[id as usize].1 {
            return rlp.clone();
        }
        let rlp = match &self.nodes[id as usize].0 {
            Node::Leaf(key, value) => {
                self.buffer.clear();
                LeafNodeRef { key, value }.rlp(&mut self.buffer)
            }
            Node::Extension(key, child) => {
                let (key, child) = (*key, *child);
                let child = self.rlp(child);
                self.buffer.clear();
                ExtensionNodeRef {
                    key: &key,
                    child: &child,
                }
                .rlp(&mut self.buffer)
            }
            Node::Branch(children) => {
                let children = **children;
                let mut stack = Vec::with_capacity(16);
                let mut mask = TrieMask::default();
                for (index, child) in children.into_iter().enumerate() {
                    if child != EMPTY {
                        mask.set_bit(index as u8);
                        stack.push(self.rlp(child));
                    }
                }
                self.buffer.clear();
                BranchNodeRef::new(&stack, mask).rlp(&mut self.buffer)
            }
            Node::Empty | Node::Hash(_) => unreachable!("has its rlp"),
        };
        self.nodes[id as usize].1 = Some(rlp.clone());
        rlp
    }
}
