//! The tree that html5ever builds, within limits. Broken markup makes a parser repeat, move and
//! search open elements again and again; these limits keep that proportional to the input. Nothing
//! here recurses.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, expanded_name, local_name, ns};

use crate::nesting::known;
use crate::tree::{Data, Element, Tree};

/// Maximum nesting depth. Real messages stay far below, and the parser searches all open elements
/// at every tag.
const MAX_DEPTH: usize = 200;

/// Elements that a body may have without writing them: a parser reopens elements that were left
/// open (`<b>` in every further paragraph). More than this plus four per tag is an attack.
const SPARE_ELEMENTS: usize = 256;

/// Bytes of attributes that a body may have without writing them, in addition to twice its length:
/// reopened elements repeat their attributes, and one long attribute would be in every further
/// paragraph.
const SPARE_ATTRIBUTES: usize = 16 * 1024;

/// A node of the tree under construction; html5ever also moves nodes.
struct Node {
    parent: usize,
    previous: usize,
    next: usize,
    first: usize,
    last: usize,
    /// Its depth when it was inserted.
    depth: usize,
    data: Content,
}

enum Content {
    Text(StrTendril),
    Element(Rc<QualName>, Vec<Attribute>),
    /// The document, comments, template contents and the like, which are omitted.
    Omitted,
}

const NONE: usize = usize::MAX;

const DOCUMENT: usize = 0;

/// html5ever's reference to a node.
#[derive(Clone)]
pub(crate) struct Handle {
    index: usize,
    /// Empty for nodes that are not elements.
    name: Rc<QualName>,
}

pub(crate) struct Sink {
    nodes: RefCell<Vec<Node>>,
    elements: Cell<usize>,
    max_elements: usize,
    attribute_bytes: Cell<usize>,
    max_attribute_bytes: usize,
    is_too_deep: Cell<bool>,
    no_name: Rc<QualName>,
}

impl Sink {
    /// For a text with this many bytes and tags.
    pub(crate) fn new(bytes: usize, tags: usize) -> Self {
        let sink = Self {
            nodes: RefCell::new(Vec::with_capacity(2 * tags + 4)),
            elements: Cell::new(0),
            max_elements: SPARE_ELEMENTS + 4 * tags,
            attribute_bytes: Cell::new(0),
            max_attribute_bytes: SPARE_ATTRIBUTES + 2 * bytes,
            is_too_deep: Cell::new(false),
            no_name: Rc::new(QualName::new(None, ns!(), local_name!(""))),
        };
        sink.add(Content::Omitted);
        sink
    }

    /// Whether a limit is exceeded, which makes further parsing useless.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.is_too_deep.get()
            || self.elements.get() > self.max_elements
            || self.attribute_bytes.get() > self.max_attribute_bytes
    }

    fn add(&self, data: Content) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            depth: 0,
            data,
        });
        nodes.len() - 1
    }

    /// Inserts a node before another one, or at the end of its parent.
    fn place(&self, node: usize, parent: usize, before: usize) {
        self.detach(node);
        let mut nodes = self.nodes.borrow_mut();
        let previous = if before == NONE { nodes[parent].last } else { nodes[before].previous };
        let depth = nodes[parent].depth + 1;
        self.is_too_deep.set(self.is_too_deep.get() || depth > MAX_DEPTH);
        let moved = &mut nodes[node];
        (moved.parent, moved.previous, moved.next, moved.depth) = (parent, previous, before, depth);
        if previous == NONE {
            nodes[parent].first = node
        } else {
            nodes[previous].next = node
        }
        if before == NONE { nodes[parent].last = node } else { nodes[before].previous = node }
    }

    fn omitted(&self, index: usize) -> Handle {
        Handle { index, name: self.no_name.clone() }
    }

    fn detach(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let Node { parent, previous, next, .. } = nodes[node];
        if parent == NONE {
            return;
        }
        if previous == NONE {
            nodes[parent].first = next
        } else {
            nodes[previous].next = next
        }
        if next == NONE {
            nodes[parent].last = previous
        } else {
            nodes[next].previous = previous
        }
        (nodes[node].parent, nodes[node].previous, nodes[node].next) = (NONE, NONE, NONE);
    }

    fn insert(&self, parent: usize, before: usize, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(node) => self.place(node.index, parent, before),
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let previous =
                    if before == NONE { nodes[parent].last } else { nodes[before].previous };
                if let Some(Node { data: Content::Text(earlier), .. }) = nodes.get_mut(previous) {
                    return earlier.push_tendril(&text);
                }
                drop(nodes);
                let node = self.add(Content::Text(text));
                self.place(node, parent, before);
            }
        }
    }

    /// Converts the nodes below the fragment's root; `None` if a limit is exceeded.
    fn into_tree(self) -> Option<Tree<'static>> {
        if self.is_exhausted() {
            return None;
        }
        let mut nodes = self.nodes.into_inner();
        let mut tree = Tree::with_capacity(nodes.len());
        // The open ancestors: their index here and in the new tree, or `NONE` for omitted ones.
        let mut open = Vec::new();
        let root = nodes[DOCUMENT].first;
        let mut at = nodes.get(root).map_or(NONE, |root| root.first);
        let mut follows_text = false;
        while at != NONE {
            let data = std::mem::replace(&mut nodes[at].data, Content::Omitted);
            let is_template = matches!(&data, Content::Element(name, _) if name.expanded() == expanded_name!(html "template"));
            let first = if is_template { NONE } else { nodes[at].first };
            let copied = match data {
                Content::Text(text) => {
                    // An omitted comment separated two texts, which become one.
                    match tree.last_text().filter(|_| follows_text) {
                        Some(earlier) => earlier.to_mut().push_str(&text),
                        None => drop(tree.push(Data::Text(Cow::Owned(text.to_string())))),
                    }
                    follows_text = true;
                    NONE
                }
                Content::Element(name, attributes) => {
                    follows_text = false;
                    tree.push(Data::Element(element(&name, attributes)))
                }
                Content::Omitted => NONE,
            };
            if first != NONE {
                open.push((at, copied));
                if open.len() > MAX_DEPTH {
                    return None;
                }
                at = first;
                continue;
            }
            while nodes[at].next == NONE {
                let Some((parent, copied)) = open.pop() else { return Some(tree) };
                if copied != NONE {
                    tree.close(copied);
                    follows_text = false;
                }
                at = parent;
            }
            at = nodes[at].next;
        }
        Some(tree)
    }
}

fn element(name: &QualName, attributes: Vec<Attribute>) -> Element<'static> {
    let text = |name: &str| {
        known(name).map_or_else(|| Cow::Owned(name.to_owned()), |(name, _)| Cow::Borrowed(name))
    };
    Element {
        name: text(&name.local),
        is_html: name.ns == ns!(html),
        attributes: attributes
            .into_iter()
            .map(|one| (Cow::Owned(one.name.local.to_string()), Cow::Owned(one.value.to_string())))
            .collect(),
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Option<Tree<'static>>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self::Output {
        self.into_tree()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.omitted(DOCUMENT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Handle {
        self.elements.set(self.elements.get() + 1);
        let written = attributes
            .iter()
            .map(|attribute| attribute.name.local.len() + attribute.value.len())
            .sum::<usize>();
        self.attribute_bytes.set(self.attribute_bytes.get() + written);
        let name = Rc::new(name);
        Handle { index: self.add(Content::Element(name.clone(), attributes)), name }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.omitted(self.add(Content::Omitted))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.omitted(self.add(Content::Omitted))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.index, NONE, child);
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.nodes.borrow()[sibling.index].parent;
        if parent != NONE {
            self.insert(parent, sibling.index, child);
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if self.nodes.borrow()[element.index].parent == NONE {
            self.append(previous, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// Template contents belong to no document: they hang on an omitted node.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        let known = self.nodes.borrow()[target.index].first;
        if known != NONE {
            return self.omitted(known);
        }
        let contents = self.add(Content::Omitted);
        self.place(contents, target.index, NONE);
        self.omitted(contents)
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.index == y.index
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.index);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        loop {
            let first = self.nodes.borrow()[node.index].first;
            if first == NONE {
                return;
            }
            self.place(first, new_parent.index, NONE);
        }
    }
}
